using System.Diagnostics;
using System.Globalization;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture.Kills;

/// <summary>What a body or an exit block has noted: <c>X1.2 Killed</c>, and when.</summary>
internal readonly record struct KillMark(string What, string Reason, long Timestamp);

/// <summary>What happened in a run of the kill campaign.</summary>
internal sealed record KillRecord
{
    public required KillPlan Plan { get; init; }

    public required long StartedAt { get; init; }

    /// <summary>When SIGKILL was sent; 0: the process had ended before.</summary>
    public required long KilledAt { get; init; }

    /// <summary>When the innermost body began; 0: it did not.</summary>
    public required long ReadyAt { get; init; }

    /// <summary>When the guard was seen to be up before the kill; 0: the run did not wait for that.</summary>
    public required long UpAt { get; init; }

    /// <summary>Whether the guard was up at the kill.</summary>
    public required bool WasUp { get; init; }

    /// <summary>When a guard that was still starting at the kill was seen to notice its owner's death; 0: there was none.</summary>
    public required long TakenOverAt { get; init; }

    public required ExitStatus? Status { get; init; }

    public required IReadOnlyList<KillMark> Marks { get; init; }

    public required string Output { get; init; }

    public required string ErrorOutput { get; init; }

    public required IReadOnlyList<ProcessEntry> Leftovers { get; init; }

    /// <summary>The time from the kill to the first exit block in the guard; null: it had none to run.</summary>
    public TimeSpan? Delay => Since(KilledAt);

    /// <summary>The same from the moment when the guard had noticed.</summary>
    public TimeSpan? DelayOfGuard => WasUp ? Delay : Since(TakenOverAt);

    /// <summary>Whether the kill came when the owner had begun an exit block.</summary>
    public bool WasExiting => Marks.Any(mark => mark.What[0] == 'X' && mark.Reason != "Killed");

    /// <summary>Reads a journal of scripts of <see cref="KillPlan.Script"/>.</summary>
    public static IReadOnlyList<KillMark> ReadMarks(string journal) => [.. Journal.Read(journal).Select(line =>
    {
        string[] words = line.Text.Split(' ');
        return new KillMark(words[0], words[1], long.Parse(words[2], CultureInfo.InvariantCulture));
    })];

    /// <summary>The full report.</summary>
    public string Describe(IEnumerable<(KillProblem Problem, string Text)> problems)
    {
        var events = Marks.Select(mark => (mark.Timestamp, Text: $"{mark.What} {mark.Reason}"))
            .Concat(new[] { (KilledAt, "SIGKILL"), (ReadyAt, "ready"), (UpAt, "guard up"), (TakenOverAt, "guard takes over") }.Where(each => each.Item1 > 0))
            .OrderBy(each => each.Item1)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(StartedAt, each.Item1).TotalMilliseconds,10:0.000}  {each.Item2}"));
        return string.Join(Environment.NewLine,
        [
            $"=== run seed {Plan.Seed}: {Plan}",
            .. problems.Select(problem => $"  {problem.Problem}: {problem.Text}"),
            "--- script", Plan.Script().TrimEnd(),
            "--- what happened (milliseconds from the start)", .. events, $"status {Status}, guard up at the kill: {WasUp}",
            "--- standard output", Output.TrimEnd(),
            "--- standard error", ErrorOutput.TrimEnd(),
        ]);
    }

    private TimeSpan? Since(long start) =>
        start > 0 && Marks.FirstOrDefault(mark => mark.What?[0] == 'X' && mark.Reason == "Killed") is { Timestamp: > 0 } first
            ? Stopwatch.GetElapsedTime(start, first.Timestamp)
            : null;
}
