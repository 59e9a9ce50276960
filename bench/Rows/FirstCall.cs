using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>The first call in a process, its module just imported.</summary>
internal static class FirstCall
{
    private const string Two = "two Invoke-Command";

    public static Findings Run(Workbench bench)
    {
        (string What, string Name)[] kinds = [("Use-ExitHandler", "Use-ExitHandler"), ("Invoke-Command", Two), ("try", "try/finally")];
        var subjects = bench.Shells
            .SelectMany(shell => kinds, (shell, kind) => Workbench.Script(shell, $"{kind.Name} ({shell.Name})", "first-call.ps1", "-Manifest", bench.Module.Manifest, "-What", kind.What))
            .ToList();
        var results = Rounds.Run(subjects, bench.Options.Runs, subject =>
            [(subject.Name, Workbench.Milliseconds(Workbench.Number(bench.Run(subject), "ticks")))]);

        var findings = new Findings();
        var lines = new List<Series>();
        foreach (var shell in bench.Shells)
        {
            var two = new Series($"{Two} ({shell.Name})", results[$"{Two} ({shell.Name})"]);
            var own = new Series($"Use-ExitHandler ({shell.Name})", results[$"Use-ExitHandler ({shell.Name})"], two);
            lines.AddRange([own, two, new Series($"try/finally ({shell.Name})", results[$"try/finally ({shell.Name})"], two)]);
            findings.Verdicts.Add(new Verdict("first call in a process, median", "≤ 8 ms", shell.Name, $"{Report.Show(own.Median)} ms", own.Median <= 8));
        }

        findings.Sections.Add(new Section("First call in a process", "ms", "Body `{ 1 }`, exit block `{ 2 }`; the module was imported by the statement before.", lines));
        return findings;
    }
}
