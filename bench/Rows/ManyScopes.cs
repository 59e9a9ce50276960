using System.Diagnostics;
using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>One signal for many scopes in several runspaces.</summary>
internal static class ManyScopes
{
    private const int Runspaces = 8;
    private const int Depth = 10;

    private static IEnumerable<(string Work, string What, string Name, MeasuredBuild Build)> Kinds(Workbench bench) =>
        from kind in new[] { (Work: "wait", What: "exit blocks that wait 20 ms"), (Work: "work", What: "exit blocks that compute") }
        from build in bench.Builds
        select (kind.Work, kind.What, kind.What + build.Suffix, build);

    public static Findings Run(Workbench bench)
    {
        var subjects = bench.Shells
            .SelectMany(shell => Kinds(bench), (shell, kind) => Workbench.Script(
                shell, $"{kind.Name} ({shell.Name})", "many-scopes.ps1", "-Manifest", kind.Build.Module.Manifest, "-Runspaces", $"{Runspaces}", "-Depth", $"{Depth}", "-Work", kind.Work))
            .ToList();
        var results = Rounds.Run(subjects, bench.Options.GivenRuns ?? (bench.Options.IsQuick ? 2 : 10), subject => Measure(bench, subject));

        var findings = new Findings();
        var lines = new List<Series>();
        foreach (var (_, what, kind, build) in Kinds(bench))
        {
            foreach (var shell in bench.Shells)
            {
                string name = $"{kind} ({shell.Name})";
                var alone = new Series($"{kind}, by themselves ({shell.Name})", results["alone " + name]);
                var total = new Series($"{kind}, after SIGTERM ({shell.Name})", results["total " + name], alone);
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
            $"{Depth} nested in each. From the signal to the end of the last exit block; by themselves: the same blocks one after another in each runspace, all runspaces at once, earlier in the same process. A run in which an exit block is missing stops the benchmark.",
            lines));
        return findings;
    }

    private static (string Name, double Value)[] Measure(Workbench bench, Subject subject)
    {
        using var process = bench.Start(subject);
        _ = Workbench.WaitUntilReady(subject, process);
        long sent = Stopwatch.GetTimestamp();
        _ = process.Signal("SIGTERM");
        var lines = Workbench.Finish(subject, process);
        double count = Workbench.Number(lines, "count");
        return count == Runspaces * Depth
            ? [("total " + subject.Name, Workbench.Milliseconds(Workbench.Number(lines, "last") - sent)), ("alone " + subject.Name, Workbench.Milliseconds(Workbench.Number(lines, "alone")))]
            : throw new InvalidOperationException($"{subject.Name}: {count} exit blocks instead of {Runspaces * Depth}.");
    }
}
