using System.Management.Automation;

namespace GracefulExit.Forwarding;

/// <summary>
/// Sends a scope's signal on to the processes that its body has started, where they have not got it from the system, and gives them
/// time to end (row D4).
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

    private readonly IForwardingSystem _system = IForwardingSystem.Current;
    private readonly int _thread;
    private readonly HashSet<ChildProcess> _older;
    private readonly StatementGate _gate;
    private volatile ChildProcess[] _children = [];

    /// <summary>Gets a value indicating whether the last <see cref="TakeStock"/> has found children.</summary>
    public bool HasChildren => _children.Length > 0;

    /// <param name="variables">The body's.</param>
    /// <param name="signals">What the scope listens to.</param>
    /// <param name="stopBody">Stops the body from its own thread and returns when the stop has reached it.</param>
    public SignalForwarder(PSVariableIntrinsics variables, IEnumerable<Signal> signals, Action stopBody)
    {
        _thread = _system.CurrentThread;
        _older = [.. _system.FindChildren(_thread)];
        _gate = new StatementGate(variables, signals, stopBody);
    }

    /// <summary>
    /// Notes which children of the body are running and closes the gate behind them. Before the body can know of the exit
    /// request: what it starts in its grace period is not for the signal.
    /// </summary>
    /// <param name="isDelivered">Whether the signal came from the system.</param>
    public void TakeStock(bool isDelivered)
    {
        _gate.Close();
        _children = _system.Reaches(isDelivered) ? [.. _system.FindChildren(_thread).Where(child => !_older.Contains(child))] : [];
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
    /// <param name="isDelivered">Whether it came from the system.</param>
    /// <param name="body">The body's thread.</param>
    /// <param name="grace">How long the children may take.</param>
    /// <param name="afterwards">How long the body may go on with what they wrote, once they have ended.</param>
    /// <param name="isOver">Whether nobody waits for them any more.</param>
    /// <returns>How many children were running.</returns>
    public int Forward(Signal signal, bool isDelivered, Thread body, TimeSpan grace, TimeSpan afterwards, Func<bool> isOver)
    {
        ChildProcess[] children = _children;
        _system.Send(children, signal, isDelivered);
        WaitEnded(children, body, grace, afterwards, isOver);
        return children.Length;
    }

    /// <summary>
    /// A native command's end in the body is told by the gate; the end of other children is polled. When all have ended the
    /// body may still be at work on what they wrote, before its command counts as ended: it gets time for that until it has
    /// done nothing but wait for a while.
    /// </summary>
    private void WaitEnded(ChildProcess[] children, Thread body, TimeSpan grace, TimeSpan afterwards, Func<bool> isOver)
    {
        long start = Environment.TickCount64;
        long busyAt = start;
        long endedAt = start;
        while (Environment.TickCount64 - start < grace.TotalMilliseconds
            && !_gate.WaitCommandEnded(PollInterval)
            && !isOver())
        {
            long now = Environment.TickCount64;
            if (Array.Exists(children, _system.IsThere))
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
