using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>The import, against that of a module with nothing in it.</summary>
internal static class Import
{
    public static Findings Run(Workbench bench)
    {
        (string Name, string Manifest)[] modules = [.. bench.Builds.Select(build => ("GracefulExit" + build.Suffix, build.Module.Manifest)), ("an empty module", Build.EmptyManifest)];
        var subjects = bench.Shells
            .SelectMany(shell => modules, (shell, module) => Workbench.Script(shell, $"{module.Name} ({shell.Name})", "import.ps1", "-Manifest", module.Manifest))
            .ToList();
        var results = Rounds.Run(subjects, bench.Options.Runs, subject =>
            [(subject.Name, Workbench.Milliseconds(Workbench.Number(bench.Run(subject), "ticks")))]);

        var findings = new Findings();
        var lines = new List<Series>();
        foreach (var shell in bench.Shells)
        {
            var empty = new Series($"an empty module ({shell.Name})", results[$"an empty module ({shell.Name})"]);
            Series[] builds = [.. bench.Builds.Select(build => $"GracefulExit{build.Suffix} ({shell.Name})").Select(name => new Series(name, results[name], empty))];
            lines.AddRange([.. builds, empty]);
            findings.Verdicts.AddRange(bench.Builds.Zip(builds, (build, found) =>
                new Verdict("import, over an empty binary module", "≤ 1.2 ×", build.Title, $"{Report.Show(found.Median)} ms, {found.Ratio:0.00} ×", found.Ratio <= 1.2)));
        }

        findings.Sections.Add(new Section("Import", "ms", "`Import-Module` of a manifest, the first import in its process. The empty module has a manifest too, and an assembly with one cmdlet that does nothing.", lines));
        return findings;
    }
}
