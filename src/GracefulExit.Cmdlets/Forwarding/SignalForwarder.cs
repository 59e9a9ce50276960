using System.Management.Automation;
using GracefulExit.Platform;
using GracefulExit.Scopes;

namespace GracefulExit.Forwarding;

/// <summary>
/// Sends a scope's signal on to the processes that its body has started, and gives them time to end (row D4).
/// </summary>
/// <remarks>
/// Threads: made and removed on the pipeline thread, <see cref="TakeStock"/> on the thread that requests the exit, and
/// <see cref="Forward"/> on the ladder's, which that one starts afterwards.
/// </remarks>
internal sealed class SignalForwarder
{
    /// <summary>The time for children when <c>-GracePeriodSeconds</c> is not given.</summary>
    public static readonly TimeSpan DefaultGracePeriod = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>After its children's end, a body that has only waited for this long is not at work on their output.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(250);

    private readonly int _threadId = LibC.CurrentThreadId();
    private readonly HashSet<(int ProcessId, long StartTime)> _older;
    private readonly StatementGate _gate;
    private volatile ProcStat[] _children = [];

    public SignalForwarder(PSVariableIntrinsics variables)
    {
        _older = [.. ChildProcesses.OfThread(_threadId).Select(child => (child.ProcessId, child.StartTime))];
        _gate = new StatementGate(variables);
    }

    /// <summary>
    /// Notes which children of the body are running and closes the gate behind them. Before the body can know of the exit
    /// request: what it starts in its grace period is not for the signal.
    /// </summary>
    public void TakeStock(ExitScope scope)
    {
        _gate.Close(scope.StopBodyAndWait);
        _children = [.. ChildProcesses.OfThread(_threadId).Where(child => !_older.Contains((child.ProcessId, child.StartTime)))];
        if (_children.Length == 0)
        {
            _gate.Open();
        }
    }

    /// <summary>
    /// Forwards the signal and returns when no next statement of the body may start: its native command has ended, or the
    /// children have, or their time is up.
    /// </summary>
    /// <returns>How many children were running; with none, the gate is open and the body has its own grace period.</returns>
    public int Forward(ExitScope scope, Signal signal)
    {
        ProcStat[] children = _children;
        bool isFromTerminal = signal.IsConsoleBreak && ProcStat.Read(Environment.ProcessId) is { IsInForeground: true };
        foreach (ProcStat child in children)
        {
            // What the terminal sends, it sends to every process of its foreground group. Whoever has ended is let be: its
            // number may be another's.
            if (!(isFromTerminal && child.IsInForeground) && ChildProcesses.IsStillRunning(child))
            {
                LibC.Kill(child.ProcessId, signal.Number);
            }
        }

        if (children.Length > 0)
        {
            WaitEnded(scope, children);
        }

        return children.Length;
    }

    /// <summary>
    /// A native command's end in the body is told by the gate; the end of other children is polled. When all have ended the
    /// body may still be at work on what they wrote, before its command counts as ended: it gets time for that until it has
    /// done nothing but wait for a while.
    /// </summary>
    private void WaitEnded(ExitScope scope, ProcStat[] children)
    {
        TimeSpan grace = scope.Options.GracePeriod > TimeSpan.Zero ? scope.Options.GracePeriod : DefaultGracePeriod;
        long start = Environment.TickCount64;
        long busyAt = start;
        long endedAt = start;
        while (Environment.TickCount64 - start < grace.TotalMilliseconds
            && !_gate.WaitCommandEnded(PollInterval)
            && !scope.WaitDrainOver(TimeSpan.Zero))
        {
            long now = Environment.TickCount64;
            if (Array.Exists(children, ChildProcesses.IsUnreaped))
            {
                endedAt = now;
            }

            if (now == endedAt || !scope.PipelineThread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            {
                busyAt = now;
            }

            if (now - busyAt >= IdleTime.TotalMilliseconds || now - endedAt >= scope.Options.StopTimeout.TotalMilliseconds)
            {
                break;
            }
        }
    }

    public void Remove() => _gate.Remove();
}
