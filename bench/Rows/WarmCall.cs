using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>One call of many in a process.</summary>
internal static class WarmCall
{
    private const int Calls = 100;

    public static Findings Run(Workbench bench)
    {
        int batches = bench.Options.IsQuick ? 5 : 30;
        var subjects = bench.Shells
            .SelectMany(shell => bench.Builds, (shell, build) => Workbench.Script(
                shell, $"{build.Suffix} ({shell.Name})", "warm.ps1", "-Manifest", build.Module.Manifest, "-Batches", $"{batches}", "-Calls", $"{Calls}"))
            .ToList();
        var results = Rounds.Run(
            subjects,
            bench.Options.IsQuick ? 1 : 3,
            subject => Workbench.Numbers(bench.Run(subject)).Select(line => ($"{line.Word}{subject.Name}", 1000 * Workbench.Milliseconds(line.Number) / Calls)),
            warmsUp: false);

        var findings = new Findings();
        var lines = new List<Series>();
        foreach (var shell in bench.Shells)
        {
            // Each build's process has calls of both kinds: its ratio is to its own.
            var builds = bench.Builds.Select(build => $"{build.Suffix} ({shell.Name})").Select(name =>
            {
                var two = new Series($"two Invoke-Command{name}", results[$"two{name}"]);
                return (Own: new Series($"Use-ExitHandler{name}", results[$"scope{name}"], two), Two: two, Try: new Series($"try/finally{name}", results[$"try{name}"], two));
            }).ToArray();
            lines.AddRange(builds.SelectMany(build => new[] { build.Own, build.Two, build.Try }));
            findings.Verdicts.AddRange(bench.Builds.Zip(builds, (build, found) =>
                new Verdict("one call, warm", "≤ 1.2 × two `Invoke-Command {}`", build.Title, $"{Report.Show(found.Own.Median)} µs, {found.Own.Ratio:0.00} ×", found.Own.Ratio <= 1.2)));
        }

        findings.Sections.Add(new Section("One call, warm", "µs", $"Body `{{ 1 }}`, exit block `{{ 2 }}`; batches of {Calls} calls by turns within one process, several processes; each value is a batch's mean.", lines));
        return findings;
    }
}
