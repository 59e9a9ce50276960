using GracefulExit.Tests.Driver;
using Xunit.Sdk;
using Xunit.v3;

namespace GracefulExit.Unit.Scenarios;

/// <summary>Puts the cases in the order of the table, and tells the pool which ones a filter has left.</summary>
/// <remarks>
/// xunit runs the cases of a class one after another. Those that are about to be run are started side by side here,
/// and each case then waits for its own.
/// </remarks>
public sealed class ScenarioOrder : ITestCaseOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase
    {
        var byName = testCases.ToLookup(testCase => testCase.TestCaseDisplayName);
        var ordered = new List<TTestCase>();
        foreach (var scenario in ScenarioTests.Table)
        {
            foreach (var shell in ShellUnderTest.All)
            {
                var cases = byName[ScenarioTests.DisplayName(scenario, shell)].ToList();
                if (cases.Count > 0)
                {
                    ScenarioTests.Pool.Plan(scenario, shell);
                    ordered.AddRange(cases);
                }
            }
        }

        // Cases that are not in the table, if any, are not lost.
        ordered.AddRange(testCases.Except(ordered));
        return ordered;
    }
}
