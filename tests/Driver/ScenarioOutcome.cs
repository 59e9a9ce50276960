namespace GracefulExit.Tests.Driver;

/// <summary>What came of a scenario.</summary>
public enum ScenarioOutcome
{
    /// <summary>Everything was as expected.</summary>
    Passed,

    /// <summary>Something was not.</summary>
    Failed,

    /// <summary>It was not run.</summary>
    Skipped,
}
