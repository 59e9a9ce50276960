using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>Many objects out of a body.</summary>
internal static class Streaming
{
    private static readonly (string Key, string Name)[] Ways = [("null", "`$null =`"), ("pipe", "into `Out-Null`"), ("all", "collected")];

    public static Findings Run(Workbench bench)
    {
        int count = bench.Options.IsQuick ? 100_000 : 1_000_000;
        int passes = bench.Options.IsQuick ? 3 : 5;
        var subjects = bench.Shells
            .Select(shell => Workbench.Script(shell, shell.Name, "stream.ps1", "-Manifest", bench.Module.Manifest, "-Passes", $"{passes}", "-Count", $"{count}"))
            .ToList();
        var results = Rounds.Run(
            subjects,
            bench.Options.IsQuick ? 1 : 2,
            subject => Workbench.Numbers(bench.Run(subject)).Select(line => ($"{line.Word} {subject.Name}", Workbench.Milliseconds(line.Number))),
            warmsUp: false);

        var findings = new Findings();
        var lines = new List<Series>();
        foreach (var shell in bench.Shells)
        {
            var ratios = new List<double>();
            foreach (var (key, name) in Ways)
            {
                var invoke = new Series($"Invoke-Command, {name} ({shell.Name})", results[$"invoke-{key} {shell.Name}"]);
                var own = new Series($"Use-ExitHandler, {name} ({shell.Name})", results[$"scope-{key} {shell.Name}"], invoke);
                lines.AddRange([own, invoke, new Series($"`. {{ }}`, {name} ({shell.Name})", results[$"dot-{key} {shell.Name}"], invoke)]);
                ratios.Add(own.Ratio!.Value);
            }

            findings.Verdicts.Add(new Verdict(
                $"streaming {count:#,0} integers: {string.Join(", ", Ways.Select(way => way.Name))}",
                "≤ 1.05 × `Invoke-Command`",
                bench.Builds[0].Title,
                string.Join(", ", ratios.Select(ratio => $"{ratio:0.00} ×")),
                ratios.TrueForAll(ratio => ratio <= 1.05)));
        }

        findings.Sections.Add(new Section($"Streaming {count:#,0} integers", "ms", "`1..$Count` in each kind of block, by turns within one process, several processes; the result assigned to `$null`, piped into `Out-Null`, or collected in a variable.", lines));
        return findings;
    }
}
