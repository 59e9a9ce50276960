using System.Diagnostics;
using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Rows;

/// <summary>One signal for many scopes in several runspaces.</summary>
internal static class ManyScopes
{
    private const int Runspaces = 8;
    private const int Depth = 10;

    /// <summary>The script's switch for the blocks by themselves.</summary>
    private const string Alone = "-Alone";

    private static IEnumerable<(string Work, string What, string Name, MeasuredBuild Build)> Kinds(Workbench bench) =>
        from kind in new[] { (Work: "wait", What: "exit blocks that wait 20 ms"), (Work: "work", What: "exit blocks that compute") }
        from build in bench.Builds
        select (kind.Work, kind.What, kind.What + build.Suffix, build);

    public static Findings Run(Workbench bench)
    {
        var subjects = new List<Subject>();
        foreach (var shell in bench.Shells)
        {
            foreach (var (work, _, kind, build) in Kinds(bench))
            {
                subjects.Add(Make(shell, kind, build, work, alone: false));
                subjects.Add(Make(shell, kind, build, work, alone: true));
            }
        }

        var results = Rounds.Run(subjects, bench.Options.GivenRuns ?? (bench.Options.IsQuick ? 2 : 10), subject => [(subject.Name, Measure(bench, subject))]);

        var findings = new Findings();
        var lines = new List<Series>();
        foreach (var (_, what, kind, build) in Kinds(bench))
        {
            foreach (var shell in bench.Shells)
            {
                string byThemselves = Name(kind, shell, alone: true);
                var alone = new Series(byThemselves, results[byThemselves]);
                string afterSignal = Name(kind, shell, alone: false);
                var total = new Series(afterSignal, results[afterSignal], alone);
                lines.AddRange([total, alone]);
                findings.Verdicts.Add(new Verdict(
                    $"one SIGTERM for {Runspaces * Depth} scopes in {Runspaces} runspaces, {what}",
                    "all, ≤ 2 × by themselves",
                    build.Title,
                    $"all, {Report.Show(total.Median)} ms, {total.Ratio:0.00} ×",
                    total.Ratio <= 2));
            }
        }

        findings.Sections.Add(new Section(
            $"{Runspaces * Depth} scopes in {Runspaces} runspaces, one SIGTERM",
            "ms",
            $"{Depth} nested in each. From the signal to the end of the last exit block; by themselves: in another process, at the same moment of its life, the same blocks one after another in the innermost body of each runspace, all runspaces at once. A run in which an exit block is missing stops the benchmark.",
            lines));
        return findings;
    }

    private static string Name(string kind, ShellUnderTest shell, bool alone) => $"{kind}, {(alone ? "by themselves" : "after SIGTERM")} ({shell.Name})";

    private static Subject Make(ShellUnderTest shell, string kind, MeasuredBuild build, string work, bool alone)
    {
        string[] arguments = ["-Manifest", build.Module.Manifest, "-Runspaces", $"{Runspaces}", "-Depth", $"{Depth}", "-Work", work];
        return Workbench.Script(shell, Name(kind, shell, alone), "many-scopes.ps1", alone ? [.. arguments, Alone] : arguments);
    }

    private static double Measure(Workbench bench, Subject subject)
    {
        if (subject.Arguments.Contains(Alone))
        {
            return Workbench.Milliseconds(Workbench.Number(bench.Run(subject), "alone"));
        }

        using var process = bench.Start(subject);
        _ = Workbench.WaitUntilReady(subject, process);
        long sent = Stopwatch.GetTimestamp();
        _ = process.Signal("SIGTERM");
        var lines = Workbench.Finish(subject, process);
        double count = Workbench.Number(lines, "count");
        return count == Runspaces * Depth
            ? Workbench.Milliseconds(Workbench.Number(lines, "last") - sent)
            : throw new InvalidOperationException($"{subject.Name}: {count} exit blocks instead of {Runspaces * Depth}.");
    }
}
