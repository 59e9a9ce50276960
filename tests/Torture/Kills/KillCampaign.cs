using System.Diagnostics;
using System.Globalization;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture.Kills;

/// <summary>SIGKILL at random moments to processes with guarded scopes.</summary>
/// <remarks>Threads: one for each lane; their sums are under <see cref="_gate"/>.</remarks>
internal sealed class KillCampaign(Options options)
{
    private const int DefaultRuns = 200;

    private readonly object _gate = new();
    private readonly List<KillRecord> _records = [];
    private readonly List<(int Seed, KillProblem Problem)> _problems = [];
    private long _start;
    private TimeSpan _usualStart;
    private int _next;

    /// <summary>Runs it.</summary>
    /// <returns>The exit status.</returns>
    public int Run()
    {
        int runs = options.Runs ?? (options.Replay is null ? DefaultRuns : 1);
        using (var warmUp = new WarmUp(options.Shell))
        {
            // The first start fills the caches.
            _ = warmUp.Measure();
            _usualStart = warmUp.Measure();
        }

        _start = Stopwatch.GetTimestamp();
        List<Thread> lanes = [.. Enumerable.Range(0, options.Parallel).Select(_ => new Thread(() => RunLane(runs)))];
        lanes.ForEach(lane => lane.Start());
        lanes.ForEach(lane => lane.Join());
        if (_problems.Count > 0)
        {
            Console.WriteLine($"failed, to be run again with --replay: {string.Join(' ', _problems.Select(problem => problem.Seed).Distinct())}");
        }

        Console.WriteLine(Summary());
        return _problems.Count > 0 || _records.Count == 0 ? 1 : 0;
    }

    private void RunLane(int runs)
    {
        int index;
        while (Stopwatch.GetElapsedTime(_start) < options.Limit && (index = Interlocked.Increment(ref _next)) <= runs)
        {
            var plan = KillPlan.Create(options.Replay ?? Campaign.RunSeed(options.Seed, index));
            var record = new KillRun(plan, options.Shell, _usualStart).Run();
            var problems = KillOracle.Judge(record);
            lock (_gate)
            {
                _records.Add(record);
                _problems.AddRange(problems.Select(problem => (plan.Seed, problem.Problem)).Distinct());
                if (problems.Count > 0 || options is { Replay: not null, Runs: null })
                {
                    Console.WriteLine(record.Describe(problems));
                }
            }
        }
    }

    private string Summary()
    {
        int Of(KillProblem problem) => _problems.Count(each => each.Problem == problem);
        var killed = _records.Where(record => record.KilledAt > 0).ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"""
            kill, {_records.Count} runs (seed {options.Seed}, {options.Shell.Name}, {options.Parallel} in parallel): {Of(KillProblem.Lost)} lost, {Of(KillProblem.Double)} double, {Of(KillProblem.CutShort)} cut short in the guard, {Of(KillProblem.NotTold)} not told, {Of(KillProblem.WrongOrder)} wrong order, {Of(KillProblem.WrongReason)} wrong reason, {Of(KillProblem.Late)} late, {Of(KillProblem.Leftover)} leftovers, {Of(KillProblem.Broken)} broken; {
            killed.Count(record => record.ReadyAt == 0)} killed before the innermost body, {killed.Count(record => record.ReadyAt > 0 && !record.WasExiting)} in it, {killed.Count(record => record.WasExiting)} after it, {_records.Count - killed.Count} not in time; from the kill to the exit block, guard up: {
            Delays(killed.Where(record => record.WasUp).Select(record => record.Delay))}; still starting: {
            Delays(killed.Where(record => !record.WasUp).Select(record => record.Delay))}, of which since it was up: {
            Delays(killed.Where(record => !record.WasUp).Select(record => record.DelayOfGuard))}; guard up since the innermost body began: {
            Delays(_records.Where(record => record.UpAt > 0).Select(record => (TimeSpan?)Stopwatch.GetElapsedTime(record.ReadyAt, record.UpAt)))}; {Stopwatch.GetElapsedTime(_start).TotalSeconds:0} s
            """);
    }

    private static string Delays(IEnumerable<TimeSpan?> delays)
    {
        var sorted = delays.OfType<TimeSpan>().Order().ToList();
        double At(double share) => sorted[(int)Math.Ceiling(share * (sorted.Count - 1))].TotalSeconds;
        return sorted.Count == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{sorted.Count} × median {At(0.5):0.000} s, p95 {At(0.95):0.000} s, max {At(1):0.000} s");
    }
}
