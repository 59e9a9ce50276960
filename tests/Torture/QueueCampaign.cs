using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture;

/// <summary>
/// Sends SIGTERM to <c>examples/queue-worker.ps1</c> at random moments, starts it again, and counts items: none may be lost, and
/// none processed twice.
/// </summary>
/// <remarks>Threads: one for each lane, with a spool directory of its own; the counts are concurrent.</remarks>
internal sealed class QueueCampaign(Options options)
{
    private const int DefaultRuns = 200;
    private const int Backlog = 6;
    private const string Started = "Waiting for work in";
    private const string WorkingOn = "Working on ";

    /// <summary>More than the worker's grace period.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    /// <summary>An item takes half a second: the signal comes at any moment of the first few.</summary>
    private static readonly TimeSpan LatestSignal = TimeSpan.FromMilliseconds(1500);

    private readonly ConcurrentDictionary<string, int> _workedOn = new();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _next;
    private int _items;
    private int _atWork;

    /// <summary>Runs it.</summary>
    /// <returns>The exit status.</returns>
    public int Run()
    {
        int runs = options.Runs ?? DefaultRuns;
        List<Thread> lanes = [.. Enumerable.Range(0, options.Parallel).Select(lane => new Thread(() => RunLane(lane, runs)))];
        lanes.ForEach(lane => lane.Start());
        lanes.ForEach(lane => lane.Join());

        int lost = _items - _workedOn.Count;
        int twice = _workedOn.Values.Count(times => times > 1);
        foreach (string problem in _problems)
        {
            Console.WriteLine(problem);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"queue worker, {runs} SIGTERMs (seed {options.Seed}, {options.Shell.Name}): {_items} items, {lost} lost, {twice} done twice, {_atWork} signals while an item was at hand, {_problems.Count} other problems; {Stopwatch.GetElapsedTime(_start).TotalSeconds:0} s"));
        return lost == 0 && twice == 0 && _problems.IsEmpty ? 0 : 1;
    }

    private void RunLane(int lane, int runs)
    {
        using RunDirectory temp = new();
        string spool = Path.Combine(temp.Path, "spool");
        string fresh = Directory.CreateDirectory(Path.Combine(spool, "new")).FullName;
        Random random = new(HashCode.Combine(options.Seed, lane));
        int created = 0;
        while (Interlocked.Increment(ref _next) <= runs)
        {
            while (Directory.GetFiles(fresh).Length < Backlog)
            {
                File.WriteAllText(Path.Combine(fresh, $"{lane}-{++created:D5}"), "");
                Interlocked.Increment(ref _items);
            }

            TimeSpan delay = LatestSignal * random.NextDouble();
            RunWorker(temp, spool, process => Thread.Sleep(delay));
        }

        // Let the last worker finish the remaining items.
        RunWorker(temp, spool, process =>
        {
            while (Done(spool).Length < created && process.Status is null && Stopwatch.GetElapsedTime(process.StartedAt) < Limit)
            {
                Thread.Sleep(20);
            }
        });
        Check(Done(spool).Length == created, $"lane {lane}: {created - Done(spool).Length} of {created} items are not in done/");
        Check(Directory.GetFiles(Path.Combine(spool, "taken")).Length == 0, $"lane {lane}: items were left in taken/");
    }

    private static string[] Done(string spool) => Directory.GetFiles(Path.Combine(spool, "done"));

    private void RunWorker(RunDirectory temp, string spool, Action<ShellProcess> wait)
    {
        string script = Path.Combine(Repository.Root, "examples", "queue-worker.ps1");
        using ShellProcess process = ShellProcess.Start(new ShellStart
        {
            FileName = options.Shell.Path,
            Arguments = ShellUnderTest.CommandArguments(
                $"Import-Module '{Repository.Module}'; & '{script}' -Spool '{spool}' -PollSeconds 0.2"),
            Environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp.Path, RunDirectory.Cache, terminal: false),
            WorkingDirectory = temp.Path,
        });
        while (!process.Output.Text.Contains(Started, StringComparison.Ordinal))
        {
            if (process.Status is not null || Stopwatch.GetElapsedTime(process.StartedAt) > Limit)
            {
                _problems.Enqueue($"the worker did not start: {process.Output.Text}{process.ErrorOutput.Text}");
                return;
            }

            Thread.Sleep(5);
        }

        wait(process);
        if (Directory.GetFiles(Path.Combine(spool, "taken")).Length > 0)
        {
            Interlocked.Increment(ref _atWork);
        }

        process.Signal("SIGTERM");
        ExitStatus? status = process.WaitForExit(Limit);
        _ = process.Output.WaitForEnd(Limit);
        Check(status == ExitStatus.Exited(0), $"the worker ended with {status?.ToString() ?? "nothing: it hung"}: {process.Output.Text}{process.ErrorOutput.Text}");
        Check(process.ErrorOutput.Text.Length == 0, process.ErrorOutput.Text);
        foreach (string line in process.Output.Text.Split('\n').Where(line => line.StartsWith(WorkingOn, StringComparison.Ordinal)))
        {
            _workedOn.AddOrUpdate(line[WorkingOn.Length..].Trim(), 1, (_, times) => times + 1);
        }
    }

    private void Check(bool isRight, string problem)
    {
        if (!isRight)
        {
            _problems.Enqueue(problem);
        }
    }
}
