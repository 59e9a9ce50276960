using System.Diagnostics;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture.Kills;

/// <summary>Runs a plan of the kill campaign once.</summary>
internal sealed class KillRun(KillPlan plan, ShellUnderTest shell, TimeSpan usualStart)
{
    // Far more than a guard needs to start, even on a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterlifeLimit = TimeSpan.FromSeconds(5);

    private long _readyAt;
    private long _upAt;
    private GuardWatch? _guard;

    /// <summary>Runs it.</summary>
    public KillRecord Run()
    {
        using var temp = new RunDirectory();
        string journal = Path.Combine(temp.Path, "journal");
        string script = Path.Combine(temp.Path, "main.ps1");
        File.WriteAllText(journal, "");
        File.WriteAllText(script, plan.Script());
        var environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp.Path, RunDirectory.Cache, terminal: false);
        environment[Journal.PathVariable] = journal;
        using var process = ShellProcess.Start(new ShellStart
        {
            FileName = shell.Path,
            Arguments = ["-NoProfile", "-NonInteractive", "-File", script],
            Environment = environment,
            WorkingDirectory = temp.Path,
        });

        long moment = AwaitMoment(process, Path.Combine(temp.Path, "go"));
        Pause(moment, plan.Moment == KillMoment.Start ? plan.Delay * usualStart.TotalMilliseconds : plan.Delay);
        _guard ??= GuardWatch.Find(process);
        bool wasUp = _upAt > 0 || _guard is { IsUp: true };
        long killedAt = Stopwatch.GetTimestamp();
        killedAt = process.Signal("SIGKILL") ? killedAt : 0;
        _ = process.WaitForExit(Limit);

        long? takenOverAt = killedAt > 0 && !wasUp && _guard is not null ? GuardWatch.WaitUntil(() => _guard.HasTakenOver, Limit) : null;
        var leftovers = AwaitEnd(process);
        _ = process.Kill();
        _ = process.Output.WaitForEnd(Limit) && process.ErrorOutput.WaitForEnd(Limit);
        return new KillRecord
        {
            Plan = plan,
            StartedAt = process.StartedAt,
            KilledAt = killedAt,
            ReadyAt = _readyAt,
            UpAt = _upAt,
            WasUp = wasUp,
            TakenOverAt = takenOverAt ?? 0,
            Status = process.Status,
            Marks = KillRecord.ReadMarks(journal),
            Output = process.Output.Text,
            ErrorOutput = process.ErrorOutput.Text,
            Leftovers = leftovers,
        };
    }

    // The moment that the delay is counted from.
    private long AwaitMoment(ShellProcess process, string go)
    {
        if (plan.Moment == KillMoment.Start || process.WaitForLine("ready", Limit) is not { } ready)
        {
            return process.StartedAt;
        }

        _readyAt = ready.Timestamp;
        if (plan.Moment == KillMoment.Body)
        {
            return _readyAt;
        }

        // The guard exists: the first scope began with it.
        _guard = GuardWatch.Find(process);
        if (plan.Moment == KillMoment.Up || plan.WaitsForGuard)
        {
            _upAt = _guard is null ? 0 : GuardWatch.WaitUntil(() => _guard.IsUp, Limit) ?? 0;
        }

        long now = Stopwatch.GetTimestamp();
        if (!KillPlan.EndsBody(plan.Moment))
        {
            return now;
        }

        File.WriteAllText(go, "");
        return plan.Moment == KillMoment.ExitBlock && process.WaitForLine("exiting", Limit) is { } exiting ? exiting.Timestamp : now;
    }

    // The body's native command outlives its parent, as any process does, and is killed here. Nothing else may be left.
    private static IReadOnlyList<ProcessEntry> AwaitEnd(ShellProcess process)
    {
        IReadOnlyList<ProcessEntry> left = [];
        bool IsOver()
        {
            left = [.. process.FindProcesses().Where(each => !each.CommandLine.EndsWith(KillPlan.NativeCommand, StringComparison.Ordinal))];
            return left.Count == 0;
        }

        _ = GuardWatch.WaitUntil(IsOver, AfterlifeLimit);
        return left;
    }

    private static void Pause(long since, double milliseconds)
    {
        while (milliseconds - Stopwatch.GetElapsedTime(since).TotalMilliseconds is > 0 and var left)
        {
            if (left > 2)
            {
                Thread.Sleep((int)(left - 1));
            }
            else
            {
                // A sleep is too coarse for moments less than a millisecond apart.
                Thread.SpinWait(50);
            }
        }
    }
}
