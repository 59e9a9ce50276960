using System.Management.Automation;
using GracefulExit.Native;

namespace GracefulExit.Forwarding;

/// <summary>
/// Sends a scope's signal on to the processes that its body has started, and gives them time to end (row D4).
/// </summary>
/// <remarks>
/// Threads: made and removed on the pipeline thread, <see cref="TakeStock"/> on the thread that carries out the request, and
/// <see cref="Forward"/> on one that is started afterwards.
/// </remarks>
internal sealed class SignalForwarder
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>After its children's end, a body that has only waited for this long is not at work on their output.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(250);

    private readonly int _threadId = LibC.CurrentThreadId();
    private readonly HashSet<(int ProcessId, long StartTime)> _older;
    private readonly StatementGate _gate;
    private volatile ProcStat[] _children = [];

    /// <summary>Gets a value indicating whether the last <see cref="TakeStock"/> has found children.</summary>
    public bool HasChildren => _children.Length > 0;

    /// <param name="variables">The body's.</param>
    /// <param name="signals">What the scope listens to.</param>
    /// <param name="stopBody">Stops the body from its own thread and returns when the stop has reached it.</param>
    public SignalForwarder(PSVariableIntrinsics variables, IEnumerable<Signal> signals, Action stopBody)
    {
        _older = [.. ChildProcesses.OfThread(_threadId).Select(child => (child.ProcessId, child.StartTime))];
        _gate = new StatementGate(variables, signals, stopBody);
    }

    /// <summary>
    /// Notes which children of the body are running and closes the gate behind them. Before the body can know of the exit
    /// request: what it starts in its grace period is not for the signal.
    /// </summary>
    public void TakeStock()
    {
        _gate.Close();
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
    /// <param name="signal">The signal.</param>
    /// <param name="body">The body's thread.</param>
    /// <param name="grace">How long the children may take.</param>
    /// <param name="afterwards">How long the body may go on with what they wrote, once they have ended.</param>
    /// <param name="isOver">Whether nobody waits for them any more.</param>
    /// <returns>How many children were running.</returns>
    public int Forward(Signal signal, Thread body, TimeSpan grace, TimeSpan afterwards, Func<bool> isOver)
    {
        ProcStat[] children = _children;
        bool isFromTerminal = signal.IsConsoleBreak && ProcStat.Read(Environment.ProcessId) is { IsInForeground: true };
        foreach (ProcStat child in children)
        {
            // What the terminal sends, it sends to every process of its foreground group. Whoever has ended is let be: its
            // PID may be reused.
            if (!(isFromTerminal && child.IsInForeground) && ChildProcesses.IsStillRunning(child))
            {
                LibC.Kill(child.ProcessId, signal.Number);
            }
        }

        WaitEnded(children, body, grace, afterwards, isOver);
        return children.Length;
    }

    /// <summary>
    /// A native command's end in the body is told by the gate; the end of other children is polled. When all have ended the
    /// body may still be at work on what they wrote, before its command counts as ended: it gets time for that until it has
    /// done nothing but wait for a while.
    /// </summary>
    private void WaitEnded(ProcStat[] children, Thread body, TimeSpan grace, TimeSpan afterwards, Func<bool> isOver)
    {
        long start = Environment.TickCount64;
        long busyAt = start;
        long endedAt = start;
        while (Environment.TickCount64 - start < grace.TotalMilliseconds
            && !_gate.WaitCommandEnded(PollInterval)
            && !isOver())
        {
            long now = Environment.TickCount64;
            if (Array.Exists(children, ChildProcesses.IsUnreaped))
            {
                endedAt = now;
            }

            if (now == endedAt || !body.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            {
                busyAt = now;
            }

            if (now - busyAt >= IdleTime.TotalMilliseconds || now - endedAt >= afterwards.TotalMilliseconds)
            {
                break;
            }
        }
    }

    public void Remove() => _gate.Remove();
}
