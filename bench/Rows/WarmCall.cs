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
            .Select(shell => Workbench.Script(shell, shell.Name, "warm.ps1", "-Manifest", bench.Module.Manifest, "-Batches", $"{batches}", "-Calls", $"{Calls}"))
            .ToList();
        var results = Rounds.Run(
            subjects,
            bench.Options.IsQuick ? 1 : 3,
            subject => Workbench.Numbers(bench.Run(subject)).Select(line => ($"{line.Word} {subject.Name}", 1000 * Workbench.Milliseconds(line.Number) / Calls)),
            warmsUp: false);

        var findings = new Findings();
        var lines = new List<Series>();
        foreach (var shell in bench.Shells)
        {
            var two = new Series($"two Invoke-Command ({shell.Name})", results[$"two {shell.Name}"]);
            var own = new Series($"Use-ExitHandler ({shell.Name})", results[$"scope {shell.Name}"], two);
            lines.AddRange([own, two, new Series($"try/finally ({shell.Name})", results[$"try {shell.Name}"], two)]);
            findings.Verdicts.Add(new Verdict("one call, warm", "≤ two `Invoke-Command {}`", shell.Name, $"{Report.Show(own.Median)} µs, {own.Ratio:0.00} ×", own.Ratio <= 1));
        }

        findings.Sections.Add(new Section("One call, warm", "µs", $"Body `{{ 1 }}`, exit block `{{ 2 }}`; batches of {Calls} calls by turns within one process, several processes; each value is a batch's mean.", lines));
        return findings;
    }
}
