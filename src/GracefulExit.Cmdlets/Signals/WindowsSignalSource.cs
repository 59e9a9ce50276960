using System.Runtime.InteropServices;
using GracefulExit.Supervision;

namespace GracefulExit.Signals;

/// <summary>
/// The console events of a Windows process, which .NET maps to signals: Ctrl+C is SIGINT, Ctrl+Break SIGQUIT, a closed
/// window SIGHUP, the end of the session SIGTERM.
/// </summary>
/// <remarks>
/// <para>
/// Console events come on one thread of the system's, one at a time, under a lock that registering takes as well. So the
/// handler never waits for the script on Ctrl+C and Ctrl+Break, and what is registered stays registered: to remove the last
/// handler while one runs would wait for it for ever. Where nobody listens, the handler leaves the event to the others.
/// </para>
/// <para>Once an event is cancelled, the shell's own handler is not called: there is nothing to hold back.</para>
/// <para>Threads: any; the registrations are under the lock.</para>
/// </remarks>
/// <param name="take">Is asked for each event: true takes it. Must not block.</param>
/// <param name="isOver">Whether all that a closed window or the end of the session leaves to be done has been done.</param>
internal sealed class WindowsSignalSource(Func<Signal, bool> take, Func<bool> isOver) : ISignalSource
{
    /// <summary>How often to look whether a script has ended: nothing announces it before the shell waits for this very handler.</summary>
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
        // They stay, see above.
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
            // after the end of the session: until then the script may go on. The shell itself can't end meanwhile: it
            // removes a handler of its own first, which waits for this one.
            while (!isOver())
            {
                Thread.Sleep(Look);
            }
        }
    }
}
