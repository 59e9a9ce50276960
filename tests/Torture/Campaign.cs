using System.Diagnostics;
using System.Globalization;
using GracefulExit.Tests.Harness;
using GracefulExit.Tests.Torture.Plans;
using GracefulExit.Tests.Torture.Runs;

namespace GracefulExit.Tests.Torture;

/// <summary>Many runs, several side by side.</summary>
internal sealed class Campaign(Options options)
{
    private const int DefaultRuns = 200;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(30);

    private readonly Tally _tally = new();
    private readonly object _output = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _usualStart;
    private int _next;

    /// <summary>Runs them.</summary>
    /// <returns>The exit status.</returns>
    public int Run()
    {
        int runs = options.Runs ?? (options.Replay is null ? DefaultRuns : 1);
        _usualStart = MeasureStart();
        var threads = Enumerable.Range(0, options.Parallel).Select(_ => new Thread(() => Work(runs))).ToList();
        threads.ForEach(thread => thread.Start());
        while (!threads.TrueForAll(thread => thread.Join(TimeSpan.Zero)))
        {
            long since = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(since) < ProgressEvery && !threads.TrueForAll(thread => thread.Join(TimeSpan.FromMilliseconds(100))))
            {
            }

            Say($"{_tally.Runs} of {runs} runs; {_tally.Problems()}");
        }

        if (_tally.HasFailures)
        {
            Say($"failed, to be run again with --replay: {_tally.Failures()}");
        }

        Say(_tally.Phases());
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{_tally.Runs} runs (seed {options.Seed}, {options.Shell.Name}, {options.Parallel} in parallel): {_tally.Problems()}; {Stopwatch.GetElapsedTime(_start).TotalSeconds:0} s"));
        return _tally.HasFailures ? 1 : 0;
    }

    private void Work(int runs)
    {
        int index;
        while (Stopwatch.GetElapsedTime(_start) < options.Limit && (index = Interlocked.Increment(ref _next)) <= runs)
        {
            var record = new TortureRun(PlanGenerator.Create(options.Replay ?? RunSeed(options.Seed, index)), options.Shell, _usualStart).Run();
            var problems = Oracle.Judge(record);
            _tally.Add(record, problems);
            if (problems.Count > 0 || options is { Replay: not null, Runs: null })
            {
                Say(Report.Of(record, problems));
            }
        }
    }

    // The time until a script's body begins. Signals that have to come before it are sent within this time.
    private TimeSpan MeasureStart()
    {
        using var warmUp = new WarmUp(options.Shell);

        // The first start fills the caches.
        _ = warmUp.Measure();
        return warmUp.Measure();
    }

    /// <summary>SplitMix64, so that neighbouring seeds and indexes give unrelated runs.</summary>
    public static int RunSeed(int seed, int index)
    {
        ulong z = ((ulong)(uint)seed << 32) + (ulong)index * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) & int.MaxValue);
    }

    private void Say(string text)
    {
        lock (_output)
        {
            Console.WriteLine(text);
        }
    }
}
