using System.Diagnostics;
using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>The processor time that the module takes, what it does in the background included.</summary>
internal static class ProcessorTime
{
    private static IEnumerable<(string What, string Name, string Manifest)> Kinds(Workbench bench) =>
        bench.Builds.SelectMany(build => new[] { ("call", "Use-ExitHandler" + build.Suffix, build.Module.Manifest), ("import", "imported only" + build.Suffix, build.Module.Manifest) })
            .Append(("plain", "without the module", bench.Module.Manifest));

    public static Findings Run(Workbench bench)
    {
        var findings = new Findings();
        Section[] atOnce = [.. Measure(bench, "short.ps1", RunToEnd, "of a script that is over at once", "User and system time of the whole process: `{ 1 }` and `{ 2 }` in a scope, in `try`/`finally` with the module imported, and without it.")];
        Section[] asleep = [.. Measure(bench, "asleep.ps1", KillAtAge, $"of a script {bench.Options.Age.TotalSeconds:0.###} s in its sleep", "User and system time of the whole process, killed then; `Start-Sleep` in a scope, with the module imported, and without it.")];
        findings.Sections.AddRange([.. atOnce, .. asleep]);
        findings.Verdicts.AddRange(Judge(bench, atOnce[1], "whole process with one scope, over the same without, wall", 25));
        // The goal is for a body of a second.
        if (bench.Options.Age == TimeSpan.FromSeconds(1))
        {
            findings.Verdicts.AddRange(Judge(bench, asleep[0], "processor time of a process with a body of 1 s, over the same without", 35));
        }

        return findings;
    }

    // The last line of a section is the process without the module.
    private static IEnumerable<Verdict> Judge(Workbench bench, Section section, string what, double limit) => bench.Builds.Select(build =>
    {
        double over = section.Series.Single(series => series.Name.StartsWith($"Use-ExitHandler{build.Suffix} (", StringComparison.Ordinal)).Median - section.Series[^1].Median;
        return new Verdict(what, $"≤ +{limit} ms", build.Title, $"{over:+0.0;-0.0} ms", over <= limit);
    });

    private static IEnumerable<Section> Measure(Workbench bench, string script, Func<Workbench, Subject, double> run, string title, string note)
    {
        var subjects = bench.Shells
            .SelectMany(shell => Kinds(bench), (shell, kind) => Workbench.Script(shell, $"{kind.Name} ({shell.Name})", script, "-Manifest", kind.Manifest, "-What", kind.What))
            .ToList();
        var results = Rounds.Run(subjects, bench.Options.Runs, subject =>
        {
            // Children one at a time: what the sum grows by is this one's.
            var before = ChildTime.Total;
            double wall = run(bench, subject);
            return [("cpu " + subject.Name, (ChildTime.Total - before).TotalMilliseconds), ("wall " + subject.Name, wall)];
        });

        yield return new Section($"Processor time {title}", "ms", note, Lines(bench, results, "cpu "));
        if (run == RunToEnd)
        {
            yield return new Section($"Duration {title}", "ms", "The same runs, from the start of the process to its end.", Lines(bench, results, "wall "));
        }
    }

    private static List<Series> Lines(Workbench bench, Dictionary<string, List<double>> results, string prefix)
    {
        var lines = new List<Series>();
        foreach (var shell in bench.Shells)
        {
            string plainName = $"{Kinds(bench).Last().Name} ({shell.Name})";
            var plain = new Series(plainName, results[prefix + plainName]);
            lines.AddRange(Kinds(bench).SkipLast(1).Select(kind => $"{kind.Name} ({shell.Name})").Select(name => new Series(name, results[prefix + name], plain)));
            lines.Add(plain);
        }

        return lines;
    }

    private static double RunToEnd(Workbench bench, Subject subject)
    {
        using var process = bench.Start(subject);
        _ = Workbench.Finish(subject, process);
        return Stopwatch.GetElapsedTime(process.StartedAt, process.EndedAt).TotalMilliseconds;
    }

    private static double KillAtAge(Workbench bench, Subject subject)
    {
        using var process = bench.Start(subject);
        var ready = Workbench.WaitUntilReady(subject, process);
        // The age is what is asked for; nothing tells of it but the clock.
        Thread.Sleep(bench.Options.Age);
        _ = process.Signal("SIGKILL");
        _ = process.WaitForExit(Workbench.Limit);
        return Stopwatch.GetElapsedTime(ready.Timestamp, process.EndedAt).TotalMilliseconds;
    }
}
