using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>The first call in a process, its module just imported.</summary>
internal static class FirstCall
{
    private const string Two = "two Invoke-Command";

    public static Findings Run(Workbench bench)
    {
        (string What, string Name, string Manifest)[] kinds =
        [
            .. bench.Builds.Select(build => ("Use-ExitHandler", "Use-ExitHandler" + build.Suffix, build.Module.Manifest)),
            ("Invoke-Command", Two, bench.Module.Manifest), ("try", "try/finally", bench.Module.Manifest),
        ];
        var subjects = bench.Shells
            .SelectMany(shell => kinds, (shell, kind) => Workbench.Script(shell, $"{kind.Name} ({shell.Name})", "first-call.ps1", "-Manifest", kind.Manifest, "-What", kind.What))
            .ToList();
        var results = Rounds.Run(subjects, bench.Options.Runs, subject =>
            [(subject.Name, Workbench.Milliseconds(Workbench.Number(bench.Run(subject), "ticks")))]);

        var findings = new Findings();
        var lines = new List<Series>();
        foreach (var shell in bench.Shells)
        {
            var two = new Series($"{Two} ({shell.Name})", results[$"{Two} ({shell.Name})"]);
            Series[] builds = [.. bench.Builds.Select(build => $"Use-ExitHandler{build.Suffix} ({shell.Name})").Select(name => new Series(name, results[name], two))];
            lines.AddRange([.. builds, two, new Series($"try/finally ({shell.Name})", results[$"try/finally ({shell.Name})"], two)]);
            findings.Verdicts.AddRange(bench.Builds.Zip(builds, (build, found) =>
                new Verdict("first call in a process, median", "≤ 8 ms", build.Title, $"{Report.Show(found.Median)} ms", found.Median <= 8)));
        }

        findings.Sections.Add(new Section("First call in a process", "ms", "Body `{ 1 }`, exit block `{ 2 }`; the module was imported by the statement before.", lines));
        return findings;
    }
}
