using System.Diagnostics;
using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Rows;

/// <summary>From a signal to the first line of the exit block, and to the end of the process.</summary>
internal static class SignalLatency
{
    private const string Node = "node process.on";

    public static Findings Run(Workbench bench)
    {
        var subjects = new List<Subject>();
        foreach (var shell in bench.Shells)
        {
            subjects.AddRange(bench.Builds.Select(build => Workbench.Script(shell, Scope(shell, build.Suffix), "latency.ps1", "-Manifest", build.Module.Manifest)));
            subjects.Add(Workbench.Script(shell, $"try/finally, SIGINT ({shell.Name})", "latency-finally.ps1") with { Signal = "SIGINT" });
            subjects.Add(Workbench.Script(shell, Own(shell), "shell-end.ps1"));
        }

        subjects.AddRange(new[]
        {
            Workbench.Peer(Node, "node", "handler.js"),
            Workbench.Peer("python3, the recipe", "python3", "handle_exit.py"),
            Workbench.Peer("bash trap in wait", "bash", "trap.sh") is { } bash ? bash with { TellsTimeOfDay = true } : null,
        }.OfType<Subject>());

        int late = 0;
        var results = Rounds.Run(subjects, bench.Options.Runs, subject => Measure(bench, subject, ref late));
        return Judge(bench, results, late);
    }

    private static string Scope(ShellUnderTest shell, string build = "") => $"Use-ExitHandler{build} ({shell.Name})";

    private static string Own(ShellUnderTest shell) => $"the shell's own end ({shell.Name})";

    private static (string Name, double Value)[] Measure(Workbench bench, Subject subject, ref int late)
    {
        if (subject.Name.StartsWith("the shell's own end", StringComparison.Ordinal))
        {
            using var plain = bench.Start(subject);
            double last = Workbench.Number(Workbench.Finish(subject, plain), "last");
            return [(End(subject.Name), Workbench.Milliseconds(plain.EndedAt - last))];
        }

        while (true)
        {
            using var process = bench.Start(subject);
            _ = Workbench.WaitUntilReady(subject, process);
            var left = bench.Options.Age - Stopwatch.GetElapsedTime(process.StartedAt);
            if (left < TimeSpan.Zero)
            {
                // Too old when it got ready: the machine is busy, and this run says nothing.
                if (++late > 10 * bench.Options.Runs)
                {
                    throw new InvalidOperationException($"{subject.Name} is not ready within {bench.Options.Age.TotalMilliseconds} ms.");
                }

                continue;
            }

            // The age is what is asked for; nothing tells of it but the clock.
            Thread.Sleep(left);
            double timeOfDay = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
            long sent = Stopwatch.GetTimestamp();
            _ = process.Signal(subject.Signal);
            double first = Workbench.Number(Workbench.Finish(subject, process), "first");
            return
            [
                (First(subject.Name), subject.TellsTimeOfDay ? 1000 * (first - timeOfDay) : Workbench.Milliseconds(first - sent)),
                (End(subject.Name), Workbench.Milliseconds(process.EndedAt - sent)),
            ];
        }
    }

    private static string First(string name) => "first " + name;

    private static string End(string name) => "end " + name;

    private static Findings Judge(Workbench bench, Dictionary<string, List<double>> results, int late)
    {
        var findings = new Findings();
        var node = results.TryGetValue(First(Node), out var values) ? new Series(Node, values) : null;
        var firsts = Lines(results, First(""), node);
        var ends = Lines(results, End(""), null);
        string age = $"a process {bench.Options.Age.TotalSeconds:0.###} s old";
        foreach (var (shell, build) in bench.Shells.SelectMany(shell => bench.Builds, (shell, build) => (shell, build)))
        {
            string scope = Scope(shell, build.Suffix);
            var first = firsts.Single(series => series.Name == scope);
            findings.Verdicts.Add(new Verdict(
                $"SIGTERM to the first line of the exit block, {age}, median",
                "≤ 3 × node",
                build.Title,
                $"{Report.Show(first.Median)} ms, {first.Ratio:0.0} ×",
                first.Ratio is null or <= 3));
            findings.Verdicts.Add(new Verdict("the same, p95", "≤ 5 ms", build.Title, $"{Report.Show(first.P95)} ms", first.P95 <= 5));
            double over = ends.Single(series => series.Name == scope).Median - ends.Single(series => series.Name == Own(shell)).Median;
            findings.Verdicts.Add(new Verdict("SIGTERM to the end of the process, over the shell's own", "≤ +5 ms", build.Title, $"{over:+0.00;-0.00} ms", over <= 5));
        }

        string note = $"Body in `Start-Sleep`, {age}, one fresh process for each run, in turn.{(late > 0 ? $" {late} runs were made again because the process was not ready by then." : "")}";
        findings.Sections.Add(new Section("Signal to the first line of the exit block", "ms", note, firsts));
        findings.Sections.Add(new Section("Signal to the end of the process", "ms", "The same runs. The shell's own end: from the last statement of a script without the module.", ends));
        return findings;
    }

    private static List<Series> Lines(Dictionary<string, List<double>> results, string prefix, Series? reference) =>
        [.. results.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => new Series(pair.Key[prefix.Length..], pair.Value, reference)).OrderBy(series => series.Name.StartsWith("Use-", StringComparison.Ordinal) ? 0 : 1)];
}
