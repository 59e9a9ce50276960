using System.Diagnostics;
using System.Globalization;
using System.Text;
using GracefulExit.Tests.Harness;
using GracefulExit.Tests.Torture.Plans;

namespace GracefulExit.Tests.Torture.Runs;

/// <summary>Runs a plan once.</summary>
internal sealed class TortureRun(RunPlan plan, ShellUnderTest shell, TimeSpan usualStart)
{
    // Far more than any plan needs, even on a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterlifeLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan NudgeAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private readonly List<SentSignal> _sent = [];
    private string _journal = "";

    /// <summary>Runs it; takes no longer than the limit and a few seconds.</summary>
    public RunRecord Run()
    {
        using var temp = new RunDirectory();
        _journal = Path.Combine(temp.Path, "journal");
        File.WriteAllText(_journal, "");
        foreach (var (name, text) in new ScriptWriter(plan).Write())
        {
            File.WriteAllText(Path.Combine(temp.Path, name), text);
        }

        var environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp.Path, RunDirectory.Cache, terminal: false);
        environment[Journal.PathVariable] = _journal;
        using var process = ShellProcess.Start(new ShellStart
        {
            FileName = shell.Path,
            Arguments = ["-NoProfile", "-NonInteractive", "-File", Path.Combine(temp.Path, ScriptWriter.Main)],
            Environment = environment,
            WorkingDirectory = temp.Path,
        });

        foreach (var signal in plan.Signals)
        {
            if (!Await(process, signal))
            {
                break;
            }

            Send(process, signal);
        }

        bool hasEnded = Await(process, () => process.WaitForExit(Slice) is not null);
        string threads = hasEnded ? "" : DescribeThreads(process.Id);
        var leftovers = hasEnded ? FindLeftovers(process) : [];
        _ = process.Kill();
        _ = process.Output.WaitForEnd(AfterlifeLimit) && process.ErrorOutput.WaitForEnd(AfterlifeLimit);
        return new RunRecord
        {
            Plan = plan,
            StartedAt = process.StartedAt,
            EndedAt = process.EndedAt,
            Status = hasEnded ? process.Status : null,
            Journal = Journal.Read(_journal),
            Sent = _sent,
            Output = process.Output.Text,
            ErrorOutput = process.ErrorOutput.Text,
            Leftovers = leftovers,
            Threads = threads,
        };
    }

    private bool Await(ShellProcess process, SignalPlan signal)
    {
        if (signal.Moment == SignalMoment.Start)
        {
            Pause(process.StartedAt, signal.Delay * usualStart.TotalMilliseconds);
            return process.Status is null;
        }

        string line = SignalPlan.Announcement(signal.Moment);
        long? seen = null;
        bool came = Await(process, () =>
        {
            seen = process.Output.WaitForLine(line, Slice)?.Timestamp;
            return seen is not null || process.Output.HasEnded;
        });
        if (!came || seen is null)
        {
            return false;
        }

        // From the moment itself: the thread that waits here may have been late.
        Pause(seen.Value, signal.Delay);
        return process.Status is null;
    }

    // Waits in slices, and between them nudges a process that itself waits for a signal.
    private bool Await(ShellProcess process, Func<bool> condition)
    {
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(process.StartedAt) > Limit)
            {
                return false;
            }

            NudgeIfForgotten(process);
        }

        return true;
    }

    private void Send(ShellProcess process, SignalPlan signal)
    {
        foreach (string name in signal.Names)
        {
            long now = Stopwatch.GetTimestamp();
            if (!process.Signal(name))
            {
                return;
            }

            _sent.Add(new SentSignal(name, now));
            if (signal.Gap > 0)
            {
                Pause(now, signal.Gap);
            }
        }
    }

    // A body that began after the last signal was sent may be one that never ends by itself; so may one that does not listen
    // to what was sent.
    private void NudgeIfForgotten(ShellProcess process)
    {
        long lastSent = _sent.LastOrDefault(signal => plan.ListensToInterrupt || signal.Name != "SIGINT").Timestamp;
        bool isForgotten = Journal.Read(_journal).GroupBy(entry => Scope(entry.Text)).Any(scope =>
            scope.All(entry => entry.Text[0] != 'X')
            && scope.FirstOrDefault(entry => entry.Text[0] == 'B') is { Timestamp: > 0 } begun
            && begun.Timestamp > lastSent
            && Stopwatch.GetElapsedTime(begun.Timestamp) > NudgeAfter);
        if (isForgotten && process.Signal("SIGTERM"))
        {
            _sent.Add(new SentSignal("SIGTERM", Stopwatch.GetTimestamp()));
        }
    }

    // "X12.1" belongs to scope 12.
    private static string Scope(string entry) => entry[1..].Split('.')[0];

    private static void Pause(long since, double milliseconds)
    {
        while (true)
        {
            double left = milliseconds - Stopwatch.GetElapsedTime(since).TotalMilliseconds;
            switch (left)
            {
                case <= 0:
                    return;
                case > 2:
                    Thread.Sleep((int)(left - 1));
                    break;
                default:
                    // A sleep is too coarse for moments less than a millisecond apart.
                    Thread.SpinWait(50);
                    break;
            }
        }
    }

    private static IReadOnlyList<ProcessEntry> FindLeftovers(ShellProcess process)
    {
        // A process that ends by itself soon after the shell, such as a short native command, does not count as left behind.
        long start = Stopwatch.GetTimestamp();
        var left = process.FindProcesses();
        while (left.Count > 0 && Stopwatch.GetElapsedTime(start) < AfterlifeLimit)
        {
            Thread.Sleep(50);
            left = process.FindProcesses();
        }

        return left;
    }

    private static string DescribeThreads(int process)
    {
        var text = new StringBuilder();
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task");
        if (Directory.Exists(folder))
        {
            foreach (string thread in Directory.EnumerateDirectories(folder))
            {
                // Threads come and go.
                try
                {
                    string name = File.ReadAllText(Path.Combine(thread, "comm")).Trim();
                    string state = File.ReadAllText(Path.Combine(thread, "stat")).Split(") ")[1][..1];
                    text.AppendLine(CultureInfo.InvariantCulture, $"{Path.GetFileName(thread)} {state} {name}");
                }
                catch (IOException)
                {
                }
            }
        }

        return text.ToString();
    }
}
