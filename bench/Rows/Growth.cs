using System.Diagnostics;
using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>What more of something costs.</summary>
internal static class Growth
{
    // Of time as a power of the amount: 1 is linear. Above it is what one busy neighbour makes of it.
    private const double Limit = 1.2;

    private static readonly (string What, bool IsOurs, string Title, string Of, string Note, int[] Amounts)[] Kinds =
    [
        ("nested", true, "Nested scopes, one SIGTERM", "scopes", "From the signal until all exit blocks have run and the caller goes on.", [5, 10, 20, 40, 80]),
        ("finally", false, "Nested `try`/`finally`, one error, plain PowerShell", "statements", "For comparison: from the error until all `finally` blocks have run and the caller goes on.", [5, 10, 20, 40, 80]),
        ("within", true, "100 calls within nested scopes", "scopes", "What active scopes cost others.", [5, 10, 20, 40, 80]),
        ("signals", true, "Scopes one after another, each ended by a SIGTERM", "signals", "All in one process.", [25, 50, 100, 200, 400]),
        ("pushed", true, "Blocks added by `Add-ExitBlock`", "blocks", "One scope that adds so many and runs them.", [30, 100, 300, 1000, 3000]),
        ("registered", true, "Registered handlers", "handlers", "From the first `Register-ExitHandler` until the last handler runs, at the end of the script; a fresh process each time.", [10, 30, 100, 300, 1000]),
        ("storm", true, "SIGTERMs during one exit block", "signals", "From the first line of the exit block until the caller goes on.", [10, 30, 100, 300, 1000]),
        ("objects", true, "Objects out of one body", "objects", "Assigned to `$null`.", [10_000, 30_000, 100_000, 300_000, 1_000_000]),
        ("invoke", false, "Objects out of one `Invoke-Command`, plain PowerShell", "objects", "For comparison. Assigned to `$null`.", [10_000, 30_000, 100_000, 300_000, 1_000_000]),
        ("rescue", true, "Variables that a rescue captures", "variables", "From the signal to the first line of the exit block, less the `-StopTimeoutSeconds` of 1; a fresh process each time.", [10, 30, 100, 300, 1000]),
    ];

    public static Findings Run(Workbench bench)
    {
        var findings = new Findings();
        foreach (var (what, isOurs, title, of, note, all) in Kinds)
        {
            // The largest tells most, and takes longest.
            int[] amounts = bench.Options.IsQuick ? all[..^1] : all;
            var results = Measure(bench, what, amounts);
            var powers = bench.Shells.ToDictionary(shell => shell.Name, shell => Power(amounts, amount => results[$"{shell.Name} {amount}"].Median()));
            findings.Grids.Add(new Grid(
                title,
                isOurs ? note : $"{note} {string.Join(", ", powers.Select(power => $"{power.Key}: n^{power.Value:0.00}"))}.",
                [of, .. bench.Shells.SelectMany(shell => new[] { $"ms ({shell.Name})", $"µs each ({shell.Name})" })],
                [.. amounts.Select(amount => (string[])[$"{amount:#,0}", .. bench.Shells.SelectMany(shell => Cells(results[$"{shell.Name} {amount}"].Median(), amount))])]));
            findings.Curves.AddRange(bench.Shells.Select(shell => new Curve(title, isOurs, [.. amounts.Select(amount => ((double)amount, results[$"{shell.Name} {amount}"].Median()))])));
            if (isOurs)
            {
                findings.Verdicts.AddRange(powers.Select(power => new Verdict($"growth: {title}", $"n^≤1 ({Limit:0.0} with noise)", bench.Builds[0].Title, $"n^{power.Value:0.00}", power.Value <= Limit)));
            }
        }

        return findings;
    }

    /// <summary>How the time of the largest amount has grown over the largest but two, as a power of the amount.</summary>
    private static double Power(int[] amounts, Func<int, double> time) =>
        Math.Log(time(amounts[^1]) / time(amounts[^3])) / Math.Log((double)amounts[^1] / amounts[^3]);

    private static string[] Cells(double milliseconds, int amount) => [Report.Show(milliseconds), Report.Show(1000 * milliseconds / amount)];

    private static Dictionary<string, List<double>> Measure(Workbench bench, string what, int[] amounts)
    {
        int rounds = bench.Options.IsQuick ? 1 : 5;
        string[] arguments = ["-Manifest", bench.Module.Manifest];
        // What a process does only once, a fresh one does each time.
        Func<Workbench, Subject, double>? once = what switch { "rescue" => Rescue, "registered" => Registered, _ => null };
        if (once is not null)
        {
            var subjects = bench.Shells.SelectMany(shell => amounts, (shell, amount) => Workbench.Script(shell, $"{shell.Name} {amount}", $"{what}.ps1", [.. arguments, "-Amount", $"{amount}"])).ToList();
            return Rounds.Run(subjects, rounds, subject => [(subject.Name, once(bench, subject))]);
        }

        return Rounds.Run(
            [.. bench.Shells.Select(shell => Workbench.Script(shell, shell.Name, "growth.ps1", [.. arguments, "-What", what, "-Amounts", string.Join(' ', amounts)]))],
            rounds,
            subject => Workbench.Numbers(bench.Run(subject)).Select(line => ($"{subject.Name} {line.Word}", Workbench.Milliseconds(line.Number))),
            warmsUp: false);
    }

    private static double Registered(Workbench bench, Subject subject) => Workbench.Milliseconds(Workbench.Number(bench.Run(subject), "took"));

    private static double Rescue(Workbench bench, Subject subject)
    {
        using var process = bench.Start(subject);
        _ = Workbench.WaitUntilReady(subject, process);
        long sent = Stopwatch.GetTimestamp();
        _ = process.Signal("SIGTERM");
        var lines = Workbench.Finish(subject, process);
        return Workbench.Number(lines, "rescue") == 1
            ? Workbench.Milliseconds(Workbench.Number(lines, "first") - sent) - 1000
            : throw new InvalidOperationException($"{subject.Name}: no rescue.");
    }
}
