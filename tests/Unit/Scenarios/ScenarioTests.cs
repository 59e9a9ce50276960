using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Scenarios;

/// <summary>Every scenario in every shell under test.</summary>
[TestCaseOrderer(typeof(ScenarioOrder))]
public sealed class ScenarioTests
{
    internal static readonly ScenarioPool Pool = new();

    internal static readonly IReadOnlyList<Scenario> Table = ScenarioTable.Load();

    // Two of each row, for runs that have no time for all.
    private static readonly HashSet<Scenario> Samples = [.. Table.GroupBy(scenario => scenario.Row).SelectMany(row => row.Take(2))];

    /// <summary>One case per scenario and shell; a shell that isn't here is a skipped case for each.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Cases() =>
        from scenario in Table
        from shell in ShellUnderTest.All
        where scenario.Shells.Contains(shell.Name)
        select new TheoryDataRow<string, string>(scenario.Name, shell.Name)
        {
            TestDisplayName = DisplayName(scenario, shell),
            Label = "", // nothing more: no list of arguments
            Skip = shell.MissingBecause,
            Traits = { ["Shell"] = [shell.Name], ["Row"] = [scenario.Row], ["Sample"] = [Samples.Contains(scenario) ? "yes" : "no"] },
        };

    internal static string DisplayName(Scenario scenario, ShellUnderTest shell) => $"{scenario.Name} [{shell.Name}]";

    [Theory]
    [MemberData(nameof(Cases))]
    public void Behaves(string scenario, string shell)
    {
        var result = Pool.Result(Table.Single(candidate => candidate.Name == scenario), ShellUnderTest.Named(shell));
        Assert.SkipWhen(result.Outcome == ScenarioOutcome.Skipped, result.Message);
        if (result.Outcome == ScenarioOutcome.Failed)
        {
            Assert.Fail(result.Message);
        }
    }
}
