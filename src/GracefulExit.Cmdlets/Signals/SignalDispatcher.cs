using System.Runtime.InteropServices;
using GracefulExit.Guard;
using GracefulExit.Platform;
using GracefulExit.ProcessEnd;
using GracefulExit.Scopes;

namespace GracefulExit.Signals;

/// <summary>
/// Owns the process's signal registrations: a signal is registered while a scope that listens to it is active, and hands
/// what arrives to the scopes.
/// </summary>
/// <remarks>
/// Threads: <see cref="Acquire"/> and <see cref="Release"/> on pipeline threads, <see cref="OnSignal"/> on the thread that
/// .NET makes for each delivery (a pool thread for SIGHUP and the signals that are not SIGINT, SIGQUIT or SIGTERM).
/// .NET runs the newest registration first, and the older ones, pwsh's Ctrl+C handler among them, when it has returned:
/// a handler that waits for the exit blocks therefore keeps the order "exit block, then older handlers".
/// </remarks>
/// <param name="registry">Holds the scopes that signals are handed to.</param>
/// <param name="register">Registers a handler with the operating system.</param>
/// <param name="notifySupervisor">Tells whoever supervises the process that it is on its way down.</param>
internal sealed class SignalDispatcher(
    ScopeRegistry registry, Func<Signal, Action<PosixSignalContext>, IDisposable> register, Action notifySupervisor)
{
    private readonly object _gate = new();
    private readonly Dictionary<Signal, Registration> _registrations = [];

    /// <summary>Gets the one dispatcher of the process.</summary>
    public static SignalDispatcher Process { get; } = new(
        ScopeRegistry.Process,
        static (signal, handler) => PosixSignalRegistration.Create(signal.Posix, handler),
        SystemdNotifier.NotifyStopping);

    /// <summary>Gets the scopes that signals are handed to.</summary>
    public ScopeRegistry Registry => registry;

    /// <summary>Registers what is not yet registered. Before the scope becomes active, so that it misses nothing.</summary>
    public void Acquire(IReadOnlyList<Signal> signals)
    {
        lock (_gate)
        {
            foreach (Signal signal in signals)
            {
                if (!_registrations.TryGetValue(signal, out Registration? registration))
                {
                    registration = new Registration(register(signal, context => OnSignal(signal, context)));
                    _registrations.Add(signal, registration);
                }

                registration.Users++;
            }
        }
    }

    /// <summary>
    /// Unregisters what no scope listens to any more: the signal has its default effect again (row A8). A delivery that is
    /// under way then finds no scope and leaves the default effect to .NET, so there is no moment in which a signal is lost.
    /// </summary>
    public void Release(IReadOnlyList<Signal> signals)
    {
        List<IDisposable> unused = [];
        Uninterruptible.Run(() =>
        {
            lock (_gate)
            {
                foreach (Signal signal in signals)
                {
                    Registration registration = _registrations[signal];
                    registration.Users--;
                    if (registration.Users == 0)
                    {
                        _registrations.Remove(signal);
                        unused.Add(registration.Handle);
                    }
                }
            }

            return true;
        });
        unused.ForEach(registration => registration.Dispose());
    }

    /// <summary>A Ctrl+C that a prompt has read as a key counts as SIGINT. Called on the body's thread, once it has unwound.</summary>
    public void CountInterruptKey(ExitScope scope)
    {
        registry.RequestExit(Signal.Interrupt, out List<ExitScope> requested);
        registry.Unwind(requested);
        scope.StopBody();
    }

    /// <summary>A signal has arrived. Returns when the exit blocks of the scopes that listen to it have run.</summary>
    public void OnSignal(Signal signal, PosixSignalContext context)
    {
        if (ProcessExit.IsAbandoning)
        {
            // The process ends with 130, and the scopes that were given up listen no longer.
            context.Cancel = true;
            return;
        }

        ExitScope[] listening = registry.RequestExit(signal, out List<ExitScope> requested);
        if (listening.Length == 0)
        {
            return;
        }

        context.Cancel = true;
        if (signal == Signal.HangUp)
        {
            HungUpTerminal.Replace();
        }

        bool goesOn = signal.IsConsoleBreak && Array.TrueForAll(listening, static scope => scope.Options.AfterSignal == AfterSignal.Continue);
        using ShellPrompt? prompt = goesOn ? new ShellPrompt(listening) : null;
        using (PoolThreadLoan.Take())
        {
            registry.Unwind(requested, meanwhile: () =>
            {
                notifySupervisor();
                if (signal == Signal.Interrupt)
                {
                    CountInterrupt(listening);
                }
            });
            Array.ForEach(listening, static scope => scope.WaitCompleted());
        }

        // Behind us stands pwsh's own Ctrl+C handler, which would stop the caller that is to go on.
        prompt?.WaitUntilReached();
    }

    /// <summary>
    /// Abandons the newest exit block that runs, once it has run for a moment: nobody can mean one that he has not seen, and
    /// a storm of signals is to lose none. With none begun, or ended by then, this Ctrl+C counts for nothing.
    /// </summary>
    private void AbandonRunning(ExitScope[] listening)
    {
        ExitScope? running = Array.Find(listening, scope => scope.TimeUntilAbandonable < TimeSpan.MaxValue);
        if (running is null || (running.TimeUntilAbandonable is { Ticks: > 0 } left && running.WaitCompleted(left)))
        {
            return;
        }

        // Nor is anybody else to run what the user has had enough of.
        GuardProcess.Dismiss();
        HoldRegistrations();
        ProcessExit.Abandon(Signal.Interrupt.ExitCode);
    }

    /// <summary>No signal has its default effect any more, whichever scopes end: see <see cref="ProcessExit.IsAbandoning"/>.</summary>
    private void HoldRegistrations()
    {
        lock (_gate)
        {
            Acquire([.. _registrations.Keys]);
        }
    }

    /// <summary>
    /// Row C7: a Ctrl+C never cuts an exit block short at once; the second warns, the third abandons it with the process.
    /// </summary>
    private void CountInterrupt(ExitScope[] listening)
    {
        ExitScope outermost = listening[^1];
        switch (outermost.CountInterrupt())
        {
            case 1:
                break;
            case 2:
                outermost.Caller.Warn(Messages.InterruptAgain);
                break;
            default:
                AbandonRunning(listening);
                break;
        }
    }

    /// <summary>A registration, and how many scopes listen. Under the lock.</summary>
    private sealed class Registration(IDisposable handle)
    {
        public IDisposable Handle => handle;

        public int Users { get; set; }
    }
}
