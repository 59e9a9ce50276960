using System.Diagnostics;
using GracefulExit.Tests.Harness;
using GracefulExit.Tests.Torture.Plans;

namespace GracefulExit.Tests.Torture.Runs;

/// <summary>What happened in a run.</summary>
internal sealed record RunRecord
{
    /// <summary>What was to happen.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>When the process was started.</summary>
    public required long StartedAt { get; init; }

    /// <summary>When its end was seen; 0: never.</summary>
    public required long EndedAt { get; init; }

    /// <summary>How it ended; null: not by itself.</summary>
    public required ExitStatus? Status { get; init; }

    /// <summary>What bodies and exit blocks have noted.</summary>
    public required IReadOnlyList<OutputLine> Journal { get; init; }

    /// <summary>The signals that were sent while the process lived.</summary>
    public required IReadOnlyList<SentSignal> Sent { get; init; }

    /// <summary>Standard output.</summary>
    public required string Output { get; init; }

    /// <summary>Standard error.</summary>
    public required string ErrorOutput { get; init; }

    /// <summary>The processes that were left behind.</summary>
    public required IReadOnlyList<ProcessEntry> Leftovers { get; init; }

    /// <summary>What the threads of a process that did not end were doing.</summary>
    public string Threads { get; init; } = "";

    /// <summary>Whether a body began.</summary>
    public bool HasBegun => Journal.Any(entry => entry.Text.StartsWith('B'));

    /// <summary>How often something was noted.</summary>
    public int Count(string text) => Journal.Count(entry => entry.Text == text);

    /// <summary>When something was noted first; null: never.</summary>
    public long? When(string text) => Journal.Where(entry => entry.Text == text).Select(entry => (long?)entry.Timestamp).FirstOrDefault();

    /// <summary>Where the run was when a signal was sent.</summary>
    public Phase PhaseOf(SentSignal signal)
    {
        long begun = First('B');
        long exiting = First('X');
        long over = Journal.Where(entry => entry.Text[0] is 'X' or 'Y').Select(entry => entry.Timestamp).LastOrDefault(long.MaxValue);
        return signal.Timestamp < begun ? Phase.Before
            : signal.Timestamp < exiting ? Phase.Body
            : signal.Timestamp < over ? Phase.ExitBlock
            : Phase.After;
    }

    /// <summary>The milliseconds from the start to a moment.</summary>
    public double Milliseconds(long timestamp) => Stopwatch.GetElapsedTime(StartedAt, timestamp).TotalMilliseconds;

    private long First(char mark) =>
        Journal.Where(entry => entry.Text[0] == mark).Select(entry => entry.Timestamp).FirstOrDefault(long.MaxValue);
}
