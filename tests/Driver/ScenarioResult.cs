namespace GracefulExit.Tests.Driver;

/// <summary>What came of a scenario in a shell.</summary>
public sealed record ScenarioResult
{
    /// <summary>Passed, failed or skipped.</summary>
    public required ScenarioOutcome Outcome { get; init; }

    /// <summary>Why it was skipped, or what was expected and what happened, in full.</summary>
    public string Message { get; init; } = "";

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How the child ended; null if it did not end by itself.</summary>
    public ExitStatus? Status { get; init; }

    /// <summary>The lines of standard output, or of the terminal.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>The text of standard error.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>What was not as expected, a line each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    internal static ScenarioResult Skip(string reason) => new() { Outcome = ScenarioOutcome.Skipped, Message = reason };
}
