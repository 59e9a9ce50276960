using System.Diagnostics;
using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Rows;

/// <summary>What a guard costs while nothing happens, and how soon it is there and at work.</summary>
/// <remarks>One process after another; each is killed once its guard is up.</remarks>
internal static class GuardCost
{
    private const string Guarded = "guarded";
    private const string Begins = "death to the first line of the exit block";
    private const string Time = "processor time of the guard until it is up";
    private const string Memory = "private memory of the guard";

    private static readonly string[] Kinds = [Guarded, "plain"];

    public static Findings Run(Workbench bench)
    {
        var subjects = bench.Shells
            .SelectMany(shell => bench.Builds.SelectMany(build => Kinds, (build, what) =>
                Workbench.Script(shell, $"{build.Suffix} ({shell.Name})", "guard.ps1", "-Manifest", build.Module.Manifest, "-What", what)))
            .ToList();
        var results = Rounds.Run(subjects, bench.Options.Runs, subject => Measure(bench, subject).Select(value => (value.What + subject.Name, value.Value)));

        var findings = new Findings();
        foreach (var (shell, build) in bench.Shells.SelectMany(shell => bench.Builds, (shell, build) => (shell, build)))
        {
            Judge(Begins, "≤ 50 ms", 50, "ms");
            Judge(Time, "≤ 250 ms", 250, "ms");
            Judge(Memory, "≤ 20 MB", 20, "MB");

            void Judge(string what, string target, double limit, string unit)
            {
                double median = results[$"{what}{build.Suffix} ({shell.Name})"].Median();
                findings.Verdicts.Add(new Verdict($"guard: {what}, median", target, build.Title, $"{Report.Show(median)} {unit}", median <= limit));
            }
        }

        findings.Sections.Add(Section("Guard: times", "ms", "One fresh process for each run. The guard is up when it waits for its owner; `Remove-Item` is the exit block's first cmdlet.", name => !name.Contains("memory", StringComparison.Ordinal)));
        findings.Sections.Add(Section("Guard: memory", "MB", "The same runs, when the guard is up. Proportional: its part of what it shares with the shells that run.", name => name.Contains("memory", StringComparison.Ordinal)));
        return findings;

        Section Section(string title, string unit, string note, Func<string, bool> belongs) =>
            new(title, unit, note, [.. results.Where(pair => belongs(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new Series(pair.Key, pair.Value))]);
    }

    private static List<(string What, double Value)> Measure(Workbench bench, Subject subject)
    {
        bool isGuarded = subject.Arguments.Contains(Guarded);
        var values = new List<(string, double)>();
        using var process = bench.Start(subject);
        var ready = Workbench.WaitUntilReady(subject, process);
        foreach (var (word, ticks) in Workbench.Numbers(process.Output.Lines.Select(line => line.Text).TakeWhile(text => text != "ready")))
        {
            values.Add(($"{word} scope {(isGuarded ? "with" : "without")} a guard, until its body begins", Workbench.Milliseconds(ticks)));
        }

        if (!isGuarded)
        {
            _ = process.Signal("SIGTERM");
            _ = process.WaitForExit(Workbench.Limit);
            return values;
        }

        var guard = GuardWatch.Find(process) ?? throw new InvalidOperationException($"{subject.Name}: no guard.");
        long up = GuardWatch.WaitUntil(() => guard.IsUp, Workbench.Limit) ?? throw new InvalidOperationException($"{subject.Name}: the guard does not get up.");
        var memory = guard.Memory();
        values.AddRange(
        [
            ("body begun until the guard is up", Stopwatch.GetElapsedTime(ready.Timestamp, up).TotalMilliseconds),
            (Time, guard.ProcessorTime.TotalMilliseconds),
            (Memory, memory.Private / 1e6),
            ("proportional memory of the guard", memory.Proportional / 1e6),
        ]);

        long killed = Stopwatch.GetTimestamp();
        _ = process.Signal("SIGKILL");
        // Owner and guard have it open, so that it ends with the guard.
        _ = process.Output.WaitForEnd(Workbench.Limit);
        string[] lines = [.. process.Output.Lines.Select(line => line.Text)];
        values.Add((Begins, Workbench.Milliseconds(Workbench.Number(lines, "begins") - killed)));
        values.Add(("death until its first cmdlet has run", Workbench.Milliseconds(Workbench.Number(lines, "removed") - killed)));
        return values;
    }
}
