using System.Runtime.InteropServices;
using GracefulExit.Supervision;

namespace GracefulExit.Signals;

/// <summary>
/// The console events of a Windows process, which .NET maps to signals: Ctrl+C is SIGINT, Ctrl+Break SIGQUIT, a closed
/// window SIGHUP, the end of the session SIGTERM.
/// </summary>
/// <remarks>
/// <para>
/// Console events arrive on one of the system's threads, one at a time, under a lock that registering takes too. So on Ctrl+C
/// and Ctrl+Break the handler never waits for the script. Registrations are never removed: removing the last handler while one
/// runs would wait for ever. If nobody listens, the handler leaves the event to others.
/// </para>
/// <para>Windows does not call the shell's own handler once an event is cancelled: there is nothing to hold back.</para>
/// <para>Threads: any; the registrations are under the lock.</para>
/// </remarks>
/// <param name="take">Is called for each event; returns true to take it. Must not block.</param>
/// <param name="isOver">Whether everything is done that has to be done after a closed window or the end of the session.</param>
internal sealed class WindowsSignalSource(Func<Signal, bool> take, Func<bool> isOver) : ISignalSource
{
    /// <summary>How often to check whether a script has ended: no event announces it before the shell waits for this handler.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly Gate _gate = new();
    private readonly Dictionary<Signal, PosixSignalRegistration> _registrations = [];

    public bool HasOlderHandlers => false;

    public bool MayShellEnd => false;

    public void Acquire(IReadOnlyList<Signal> signals)
    {
        using (_gate.Enter())
        {
            foreach (Signal signal in signals.Where(signal => !_registrations.ContainsKey(signal)))
            {
                _registrations.Add(signal, PosixSignalRegistration.Create(signal.Posix, context => OnEvent(signal, context)));
            }
        }
    }

    public void Release(IReadOnlyList<Signal> signals)
    {
        // Registrations are kept; see the remarks.
    }

    public void RunOlderHandlers(Signal signal, Action<bool> onBegun) => onBegun(false);

    private void OnEvent(Signal signal, PosixSignalContext context)
    {
        if (!take(signal))
        {
            return;
        }

        context.Cancel = true;
        if (!signal.IsConsoleBreak)
        {
            // Windows ends the process when the handlers have returned, and in any case 5 s after a closed window and 20 s
            // after the end of the session. Until then the script may go on. The shell itself can't end before: it first
            // removes a handler of its own, which waits for this one.
            while (!isOver())
            {
                Thread.Sleep(Look);
            }
        }
    }
}
