using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Handlers;
using GracefulExit.ProcessEnd;
using GracefulExit.Signals;
using GracefulExit.Supervision;

namespace GracefulExit.Scopes;

/// <summary>
/// Everything that exists once in a process: the registry of scopes, the supervisor, the signals, the end of the process.
/// </summary>
/// <remarks>Threads: any; each part documents its own.</remarks>
internal sealed class ExitRuntime
{
    private HandlerService? _handlers;

    private ExitRuntime(Func<Func<Signal, bool>, ISignalSource> makeSignals, Supervisor supervisor)
    {
        Supervisor = supervisor;
        Registry = new ScopeRegistry(Supervisor, CarryOut, GiveUp);
        End = new EndOfProcess(RunExitBlocks, request => Handlers?.RunRest(request), GiveUpRunning);
        Router = new SignalRouter(this);
        Signals = makeSignals(Router.TryTake);
    }

    /// <summary>Gets the instance of this process.</summary>
    public static ExitRuntime Current { get; } = ForProcess();

    public Supervisor Supervisor { get; }

    public ScopeRegistry Registry { get; }

    public EndOfProcess End { get; }

    public SignalRouter Router { get; }

    public ISignalSource Signals { get; }

    public SystemdNotifier Supervising { get; } = new();

    /// <summary>Gets the registered handlers; null: there never were any.</summary>
    public HandlerService? Handlers => Volatile.Read(ref _handlers);

    /// <summary>Gets what wakes the calls of <c>Wait-ExitRequest</c>.</summary>
    public Gate Announcements { get; } = new();

    /// <summary>Prepares the process for a scope, before it begins.</summary>
    /// <exception cref="InvalidOperationException">The system has no thread to give.</exception>
    public void Prepare()
    {
        try
        {
            Supervisor.Start();
            StopThread.Prepare();
        }
        catch (OutOfMemoryException exception)
        {
            // .NET's own message says nothing of the cause.
            throw new InvalidOperationException(Messages.NothingHasRun(Messages.NoThread), exception);
        }

        End.Watch();
    }

    /// <summary>Gets the handlers' service, which is created for the first handler.</summary>
    public HandlerService UseHandlers()
    {
        if (Handlers is { } made)
        {
            return made;
        }

        HandlerService service = new(Supervisor, Signals, End, Registry.NextId, Router.Abandon, Supervising.NotifyStopping);
        HandlerService used = Interlocked.CompareExchange(ref _handlers, service, null) ?? service;
        Registry.MayBeginLate = used.Registry.Uses;
        return used;
    }

    /// <summary>How long the clean-up of all scopes may take after an exit request.</summary>
    public static TimeSpan TimeFor(IEnumerable<Scope> scopes) => TimeSpan.FromMilliseconds(scopes.Sum(static scope =>
    {
        TimeSpan limit = scope.Options.ExitTimeout > TimeSpan.Zero ? scope.Options.ExitTimeout : BlockClock.LimitWhileExiting;
        double blocks = Math.Max(1, scope.Blocks.Waiting.Length + 1) * (limit + scope.Options.StopTimeout).TotalMilliseconds;
        return blocks + scope.Options.GracePeriod.TotalMilliseconds + (2 * scope.Options.StopTimeout.TotalMilliseconds);
    }));

    private static ExitRuntime ForProcess() =>
        new(static take => OperatingSystem.IsWindows() ? new WindowsSignalSource(take, IsOver) : new UnixSignalSource(take), new Supervisor());

    /// <summary>
    /// Whether every scope, the script itself and the registered handlers have ended. If the process is exiting, its end does what
    /// is left.
    /// </summary>
    private static bool IsOver() => !Current.End.HasBegun && Current.Registry.Snapshot().Length == 0 && !EngineInternals.IsShellBusy
        && (Current.Handlers is not { } handlers || handlers.TryFinishSession());

    /// <summary>Carries out the effects of changes: first all bodies are informed of the request, then they are stopped, newest first.</summary>
    private void CarryOut(IReadOnlyList<ScopeChange> changes)
    {
        foreach ((Scope scope, ScopeEffects effects) in changes)
        {
            if (effects.HasFlag(ScopeEffects.Forward))
            {
                // Before the body can know of the request: a process that it starts in its grace period must not get the signal.
                scope.Forwarder?.TakeStock(scope.State.Request is { IsDelivered: true });
            }
        }

        bool isAnnounced = false;
        foreach ((Scope scope, ScopeEffects effects) in changes)
        {
            if (effects.HasFlag(ScopeEffects.Announce))
            {
                isAnnounced = true;
                scope.Announce();
                scope.Notice?.Begin();
            }
        }

        if (isAnnounced)
        {
            using (Announcements.Enter())
            {
                Announcements.PulseAll();
            }
        }

        foreach ((Scope scope, ScopeEffects effects) in changes)
        {
            CarryOut(scope, effects);
        }
    }

    private void CarryOut(Scope scope, ScopeEffects effects)
    {
        if (effects.HasFlag(ScopeEffects.Forward))
        {
            Try(() => ScopeWork.Forward(scope));
        }

        if (effects.HasFlag(ScopeEffects.StopBody))
        {
            Try(scope.StopBody);
        }

        if (effects.HasFlag(ScopeEffects.Rescue))
        {
            Try(() => ScopeWork.StartRescue(scope));
        }

        if (effects.HasFlag(ScopeEffects.EndProcess))
        {
            End.Begin(scope.Context.ExitCode);
        }

        if (effects.HasFlag(ScopeEffects.Release))
        {
            Registry.Remove(scope);
            scope.MarkReleased();
            Router.OnReleased(scope);
        }
    }

    private void GiveUp(Scope scope, string message) => Try(() => ScopeWork.StartAfterGivenUp(this, scope, message));

    /// <summary>Does something, and if the system refuses a thread, tries it again a moment later.</summary>
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (OutOfMemoryException)
        {
            _ = Supervisor.Schedule(TimeSpan.FromMilliseconds(100), () => Try(action));
        }
    }

    /// <summary>The user has abandoned what runs while the process is exiting. On the supervisor's thread.</summary>
    private void GiveUpRunning()
    {
        GiveUpRunning(Registry.Snapshot());
        Handlers?.GiveUpRunning();
    }

    /// <summary>Gives up the blocks that are running. Those that have not begun, or only just, run and do not wait for them.</summary>
    private static void GiveUpRunning(Scope[] active)
    {
        foreach (Scope scope in active.Where(SignalRouter.CanBeAbandoned))
        {
            scope.Blocks.Abandon();
            _ = scope.Apply(ScopeEventKind.BlocksDone);
        }
    }

    /// <summary>The process is exiting. Returns when the exit blocks have run, each within its limit.</summary>
    private void RunExitBlocks(ExitRequest request)
    {
        Scope[] active = Registry.Close(request, out List<ScopeChange> changes);
        if (active.Length == 0)
        {
            return;
        }

        if (End.IsAbandoned)
        {
            GiveUpRunning(active);
        }

        Array.ForEach(active, static scope => scope.Blocks.OnProcessExiting());
        Supervising.NotifyStopping(TimeFor(active));
        Registry.CarryOut(changes);
        foreach (Scope scope in active)
        {
            _ = scope.WaitReleased(TimeFor([scope]));
        }
    }
}
