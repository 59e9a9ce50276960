using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>What a process has more of after many calls.</summary>
internal static class Leaks
{
    private static readonly (string What, string Name, int Calls)[] Kinds =
        [("end", "calls", 100_000), ("error", "calls ended by an error", 5_000), ("signal", "calls ended by SIGTERM", 10_000)];

    public static Findings Run(Workbench bench)
    {
        var findings = new Findings();
        foreach (var (what, name, full) in Kinds)
        {
            int calls = bench.Options.IsQuick ? full / 20 : full;
            foreach (var shell in bench.Shells)
            {
                var subject = Workbench.Script(shell, shell.Name, "leaks.ps1", "-Manifest", bench.Module.Manifest, "-What", what, "-Calls", $"{calls}");
                var samples = bench.Run(subject).Select(line => line.Split(' ')).Where(words => words[0] == "sample").Select(words => words[1..].Select(long.Parse).ToArray()).Where(sample => sample[0] >= 0).ToList();
                findings.Verdicts.Add(Judge($"{calls:#,0} {name}", bench.Builds[0].Title, samples));
                findings.Grids.Add(new Grid(
                    $"{calls:#,0} {name} ({shell.Name})",
                    "Six tenths as many have been made before.",
                    ["calls", "managed memory, KiB", "threads", "handles", "signal registrations"],
                    [.. samples.Select(sample => new[] { $"{sample[0]:#,0}", $"{sample[1] / 1024.0:#,0.0}", $"{sample[2]}", $"{sample[3]}", sample[4] < 0 ? "unknown" : $"{sample[4]}" })]));
            }
        }

        return findings;
    }

    private static Verdict Judge(string what, string build, List<long[]> samples)
    {
        // The least of the last samples over the least of the first ones: what is there in one sample and gone in the next is no growth.
        long[] first = Least(samples.Take(3));
        long[] last = Least(samples.TakeLast(3));
        long calls = samples[^1][0] - samples[0][0];
        long[] more = [.. first.Zip(last, (before, after) => after - before)];

        // A thread that the pool has begun is no growth, nor is less than a byte for each call.
        bool isFlat = more[1] < Math.Max(calls, 64 * 1024) && more[2] <= 2 && more[3] <= 0 && more[4] <= 0;
        return new Verdict(
            $"{what}: growth of memory, threads, handles, registrations",
            "none",
            build,
            $"{more[1] / 1024.0:+0.0;-0.0;0} KiB, {more[2]:+0;-0;0}, {more[3]:+0;-0;0}, {more[4]:+0;-0;0}",
            isFlat);
    }

    private static long[] Least(IEnumerable<long[]> samples) => samples.Aggregate(static (one, other) => [.. one.Zip(other, Math.Min)]);
}
