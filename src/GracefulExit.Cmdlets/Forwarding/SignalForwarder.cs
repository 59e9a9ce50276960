using System.Management.Automation;
using GracefulExit.Platform;
using GracefulExit.Scopes;

namespace GracefulExit.Forwarding;

/// <summary>
/// Sends a scope's signal on to the processes that its body has started, and gives them time to end (row D4).
/// </summary>
/// <remarks>Threads: made and removed on the pipeline thread, <see cref="Forward"/> on the ladder's.</remarks>
internal sealed class SignalForwarder
{
    /// <summary>The time for children when <c>-GracePeriodSeconds</c> is not given.</summary>
    public static readonly TimeSpan DefaultGracePeriod = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly int _threadId = LibC.CurrentThreadId();
    private readonly HashSet<(int ProcessId, long StartTime)> _older;
    private readonly StatementGate _gate;

    public SignalForwarder(PSVariableIntrinsics variables)
    {
        _older = [.. ChildProcesses.OfThread(_threadId).Select(child => (child.ProcessId, child.StartTime))];
        _gate = new StatementGate(variables);
    }

    /// <summary>
    /// Forwards the signal and returns when no next statement of the body may start: its native command has ended, or the
    /// children have, or their time is up.
    /// </summary>
    /// <returns>How many children were running; with none, the gate stays open and the body has its own grace period.</returns>
    public int Forward(ExitScope scope, Signal signal)
    {
        _gate.Close(scope.StopBodyAndWait);
        ProcStat[] children = [.. ChildProcesses.OfThread(_threadId).Where(child => !_older.Contains((child.ProcessId, child.StartTime)))];
        if (children.Length == 0)
        {
            _gate.Open();
            return 0;
        }

        bool isFromTerminal = signal.IsConsoleBreak && ProcStat.Read(Environment.ProcessId) is { IsInForeground: true };
        foreach (ProcStat child in children)
        {
            // What the terminal sends, it sends to every process of its foreground group.
            if (!(isFromTerminal && child.IsInForeground))
            {
                LibC.Kill(child.ProcessId, signal.Number);
            }
        }

        TimeSpan grace = scope.Options.GracePeriod > TimeSpan.Zero ? scope.Options.GracePeriod : DefaultGracePeriod;
        long start = Environment.TickCount64;
        while (Environment.TickCount64 - start < grace.TotalMilliseconds
            && !_gate.WaitCommandEnded(PollInterval)
            && !scope.WaitDrainOver(TimeSpan.Zero)
            && Array.Exists(children, ChildProcesses.IsStillRunning))
        {
            // A child's end is polled, a native command's end in the body is not: the gate tells.
        }

        return children.Length;
    }

    public void Remove() => _gate.Remove();
}
