namespace GracefulExit.Tests.Harness;

/// <summary>What a test expects of a run.</summary>
public sealed record RunExpectation
{
    /// <summary>The exact lines of standard output; null: see <see cref="OutputPatterns"/>.</summary>
    public IReadOnlyList<string>? Output { get; init; }

    /// <summary>Regular expressions that match standard output in this order.</summary>
    public IReadOnlyList<string> OutputPatterns { get; init; } = [];

    /// <summary>Regular expressions that match standard error in this order; none: it is empty.</summary>
    public IReadOnlyList<string> ErrorPatterns { get; init; } = [];

    /// <summary>The exact lines of files in the run's directory; no lines: no such file, or an empty one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Files { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The accepted ways to end.</summary>
    public required IReadOnlyList<ExitStatus> Status { get; init; }

    /// <summary>How soon the run has to end after the test's last action on it; null: only the run's own limit applies.</summary>
    public TimeSpan? Within { get; init; }
}
