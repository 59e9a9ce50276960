using System.Management.Automation.Runspaces;
using GracefulExit.Core;
using GracefulExit.Guard;
using GracefulExit.Native;
using GracefulExit.Signals;
using GracefulExit.Supervision;

namespace GracefulExit.Scopes;

/// <summary>
/// Passes signals to the scopes that listen to them, and handles what follows: the older handlers (row A7), the second and third
/// Ctrl+C (C7), the end of a shell whose terminal is gone (C15).
/// </summary>
/// <remarks>
/// Threads: <see cref="TryTake"/> on .NET's signal thread. It takes the signal under the registry's gate and tells the bodies to stop
/// at once: the end of a child that the same Ctrl+C has killed is reported on the same thread afterwards, and by then the body must
/// not begin its next statement. The rest is posted to the supervisor. The deliveries are under the gate.
/// </remarks>
internal sealed class SignalRouter(ExitRuntime runtime)
{
    /// <summary>How long an exit block must have run before a third Ctrl+C abandons it (row C7): a storm of signals must not abandon any (C10).</summary>
    private static readonly TimeSpan AbandonableAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Signals within this time count as one Ctrl+C: a wrapper may forward it, or a terminal send it twice.</summary>
    private static readonly TimeSpan OneInterrupt = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the shell's prompt waits for the older handlers.</summary>
    private static readonly TimeSpan OlderHandlersTime = TimeSpan.FromMilliseconds(250);

    /// <summary>How long .NET's signal thread waits for a stop to be in force, on Ctrl+C.</summary>
    private static readonly TimeSpan StopInForceTime = TimeSpan.FromMilliseconds(50);

    private readonly Gate _gate = new();
    private readonly List<Delivery> _deliveries = [];
    private int _interrupts;
    private long _interruptedAt = -(long)OneInterrupt.TotalMilliseconds;

    /// <summary>Whether a scope's exit block has run for long enough that a third Ctrl+C abandons it.</summary>
    public static bool CanBeAbandoned(Scope scope) => TimeUntilAbandonable(scope) <= TimeSpan.Zero;

    /// <summary>A signal has arrived.</summary>
    /// <returns>False: no scope listens to it, and it must have its usual effect.</returns>
    public bool TryTake(Signal signal)
    {
        if (runtime.End.IsAbandoned)
        {
            // The process is ending with 130, and the scopes that were given up no longer listen.
            return true;
        }

        return TryRequest(signal, isDelivered: true);
    }

    /// <summary>Asks the scopes that listen to a signal to end, as if it had arrived. If none listens, asks the registered handlers. Any thread.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="isDelivered">Whether it came from the system: then SIGINT may be a Ctrl+C, which at a prompt is not for the handlers.</param>
    /// <returns>False: nobody listens to it.</returns>
    public bool TryRequest(Signal signal, bool isDelivered = false)
    {
        long arrivedAt = Environment.TickCount64;
        List<ScopeChange> changes = runtime.Registry.Take(signal, isDelivered, out Scope[] listening);
        if (listening.Length == 0)
        {
            bool isTaken = runtime.Handlers?.Signalled.TryTake(signal, isKey: isDelivered) == true || (signal.IsConsoleBreak && runtime.End.IsShellEnding);
            if (isTaken)
            {
                runtime.Registry.OnHandled();
            }

            return isTaken;
        }

        try
        {
            Begin(signal, listening, changes);
        }
        catch (Exception)
        {
            // The signal is taken all the same. A deadline covers what could not be done now.
        }

        bool isFirst = changes.Count(static change => change.Effects.HasFlag(ScopeEffects.Announce)) >= listening.Length;
        runtime.Supervisor.Post(() => Deliver(signal, listening, isFirst, arrivedAt));
        return true;
    }

    /// <summary>A Ctrl+C that a prompt has read as a key counts as SIGINT. Called on the body's thread, once it has unwound.</summary>
    public void TakeInterruptKey(Scope scope)
    {
        runtime.Registry.CarryOut(runtime.Registry.Take(Signal.Interrupt, isDelivered: false, out _));
        _ = scope.Apply(ScopeEventKind.StopDemanded);
    }

    /// <summary>A scope's exit blocks have run. Any thread.</summary>
    public void OnReleased(Scope scope)
    {
        if (scope.State.Request?.Signal is not null)
        {
            runtime.Supervisor.Post(FinishDeliveries);
        }
    }

    private static TimeSpan TimeUntilAbandonable(Scope scope)
    {
        long beganAt = scope.Blocks.BeganAt;
        return beganAt == long.MaxValue || scope.IsReleased
            ? TimeSpan.MaxValue
            : AbandonableAfter - TimeSpan.FromMilliseconds(Environment.TickCount64 - beganAt);
    }

    /// <summary>Does what must not wait for the supervisor. On the thread on which the signal arrived.</summary>
    private void Begin(Signal signal, Scope[] listening, List<ScopeChange> changes)
    {
        // This use prevents the signal's default effect until the older handlers have run.
        runtime.Signals.Acquire([signal]);
        bool isTerminalGone = signal == Signal.HangUp && HungUpTerminal.Replace();
        using (_gate.Enter())
        {
            Delivery? same = _deliveries.Find(delivery => delivery.Signal == signal);
            if (same is null)
            {
                same = new Delivery(signal, listening);
                _deliveries.Add(same);
            }
            else
            {
                // As the kernel does with a signal that is already pending, merge this one with the one before.
                same.Add(listening);
                same.IsHeldForPrompt = false;
                runtime.Supervisor.Post(() => runtime.Signals.Release([signal]));
            }

            same.IsTerminalGone |= isTerminalGone;
            WatchPrompt(same);
        }

        runtime.Registry.CarryOut(changes);
        if (signal.IsConsoleBreak)
        {
            changes.Find(static change => change.Effects.HasFlag(ScopeEffects.StopBody))?.Scope.WaitStopReached(StopInForceTime);
        }
    }

    private void Deliver(Signal signal, Scope[] listening, bool isFirst, long arrivedAt)
    {
        if (Array.Exists(listening, static scope => scope.Options.AfterSignal is AfterSignal.Exit or AfterSignal.Raise))
        {
            runtime.Supervising.NotifyStopping(ExitRuntime.TimeFor(listening));
        }

        if (signal == Signal.Interrupt)
        {
            CountInterrupt(listening, isFirst, arrivedAt);
        }

        FinishDeliveries();
    }

    /// <summary>
    /// Begins to watch for the shell's prompt, if the shell's own Ctrl+C handler must not run before that: the caller is going to
    /// continue, and the handler would stop it.
    /// </summary>
    private void WatchPrompt(Delivery delivery)
    {
        if (delivery.Prompt is not null || !delivery.Signal.IsConsoleBreak || !runtime.Signals.HasOlderHandlers || !ShellKind.HasPrompt)
        {
            return;
        }

        Runspace? main = delivery.Scopes.Select(static scope => scope.Runspace).FirstOrDefault(static runspace => runspace.Id == ShellKind.MainRunspaceId);
        if (main is not null)
        {
            delivery.Prompt = new PromptWatch(main, () => delivery.HasEnded, () => OnPrompt(delivery));
        }
    }

    /// <summary>The shell is at its prompt. On its main thread, which waits a moment for the older handlers.</summary>
    private void OnPrompt(Delivery delivery)
    {
        Latch hasBegun = new();
        Thread? handlers = null;
        runtime.Supervisor.Post(() =>
        {
            if (!TryRemove(delivery))
            {
                hasBegun.Set();
                return;
            }

            delivery.Prompt?.Dispose();
            RunOlderHandlers(delivery.Signal, thread =>
            {
                handlers = thread;
                hasBegun.Set();
            });
        });
        if (hasBegun.Wait(OlderHandlersTime))
        {
            _ = handlers?.Join(OlderHandlersTime);
        }
    }

    private void FinishDeliveries()
    {
        List<Delivery> ended;
        using (_gate.Enter())
        {
            ended = _deliveries.FindAll(static delivery => delivery.HasEnded && !delivery.IsHeldForPrompt);
        }

        ended.ForEach(Finish);
    }

    private bool TryRemove(Delivery delivery)
    {
        using (_gate.Enter())
        {
            return _deliveries.Remove(delivery);
        }
    }

    private void Finish(Delivery delivery)
    {
        using (_gate.Enter())
        {
            _interrupts = _deliveries.Exists(static other => !other.HasEnded) ? _interrupts : 0;
        }

        if (delivery.IsTerminalGone && ShellKind.HasPrompt && delivery.Scopes.Any(static scope => scope.Runspace.Id == ShellKind.MainRunspaceId))
        {
            // A shell whose terminal is gone has nothing left to do: it would read end-of-file from /dev/null for ever.
            runtime.End.Begin(delivery.Signal.ExitCode);
        }

        if (delivery.Signal.IsConsoleBreak && runtime.End.IsShellEnding)
        {
            // The shell's own Ctrl+C handler must never run, so the signal is not released.
            _ = TryRemove(delivery);
            delivery.Prompt?.Dispose();
            return;
        }

        bool goesOn = delivery.Signal.IsConsoleBreak && delivery.Scopes.All(static scope => scope.Options.AfterSignal == AfterSignal.Continue);
        if (goesOn && runtime.Signals.HasOlderHandlers)
        {
            // After our handler comes pwsh's own Ctrl+C handler, which would stop the caller that is going to continue.
            delivery.IsHeldForPrompt = true;
            if (delivery.Prompt is null)
            {
                // This shell never comes to a prompt: the older handlers do not run, and nothing waits for them.
                _ = TryRemove(delivery);
                runtime.Signals.Release([delivery.Signal]);
            }

            return;
        }

        _ = TryRemove(delivery);
        delivery.Prompt?.Dispose();
        if (delivery.Signal.IsConsoleBreak && runtime.Handlers?.Signalled.TryStopScript() == true)
        {
            runtime.Signals.Release([delivery.Signal]);
            return;
        }

        RunOlderHandlers(delivery.Signal, null);
    }

    /// <param name="signal">The signal, which is released once they have begun.</param>
    /// <param name="onBegun">Gets the thread that runs them; null: there are none.</param>
    private void RunOlderHandlers(Signal signal, Action<Thread?>? onBegun) => runtime.Signals.RunOlderHandlers(signal, hasAny =>
    {
        runtime.Supervisor.Post(() => runtime.Signals.Release([signal]));
        onBegun?.Invoke(hasAny ? Thread.CurrentThread : null);
    });

    /// <summary>
    /// Row C7: one more Ctrl+C never cuts an exit block short. The second one warns, the third abandons it and ends the process.
    /// </summary>
    /// <param name="listening">The scopes that listen to it.</param>
    /// <param name="isFirst">Whether it is the first for all of them: then those before it, which have ended other scopes, do not count.</param>
    /// <param name="arrivedAt">When it arrived.</param>
    private void CountInterrupt(Scope[] listening, bool isFirst, long arrivedAt)
    {
        if (isFirst)
        {
            _interruptedAt = arrivedAt;
            _interrupts = 1;
            return;
        }

        if (_interrupts > 0 && arrivedAt - _interruptedAt < OneInterrupt.TotalMilliseconds)
        {
            return;
        }

        _interruptedAt = arrivedAt;
        _interrupts++;
        if (_interrupts == 2)
        {
            WarnInterrupted(listening[^1]);
        }
        else if (_interrupts > 2)
        {
            AbandonRunning(listening);
        }
    }

    /// <summary>On a thread of its own: another thread may hold the host, and the supervisor must not wait for it.</summary>
    private static void WarnInterrupted(Scope scope)
    {
        try
        {
            new Thread(() => scope.Caller.Warn(Messages.InterruptAgain)) { IsBackground = true, Name = "GracefulExit.Warning" }.Start();
        }
        catch (OutOfMemoryException)
        {
            // The system refused a thread: there is no warning before the third Ctrl+C.
        }
    }

    /// <summary>
    /// Abandons the newest running exit block once it has run for a moment: the user cannot mean one that had not begun when the
    /// key was pressed. If none is running, or it ends meanwhile, this Ctrl+C has no effect.
    /// </summary>
    private void AbandonRunning(Scope[] listening)
    {
        Scope? running = Array.Find(listening, static scope => TimeUntilAbandonable(scope) < TimeSpan.MaxValue);
        if (running is null)
        {
            _interrupts--;
        }
        else if (TimeUntilAbandonable(running) is { Ticks: > 0 } left)
        {
            _ = runtime.Supervisor.Schedule(left, () =>
            {
                if (!running.IsReleased)
                {
                    Abandon();
                }
            });
        }
        else
        {
            Abandon();
        }
    }

    /// <summary>The user abandons the running exit blocks. On the supervisor's thread.</summary>
    public void Abandon()
    {
        // Nothing else may run what the user has abandoned.
        GuardProcess.Dismiss();
        runtime.Signals.Acquire(Signal.Allowed);
        runtime.End.Abandon(Signal.Interrupt.ExitCode);
    }

    /// <summary>One signal and the scopes that it ends.</summary>
    private sealed class Delivery(Signal signal, Scope[] scopes)
    {
        private Scope[] _scopes = scopes;

        public Signal Signal => signal;

        public IReadOnlyList<Scope> Scopes => Volatile.Read(ref _scopes);

        public bool IsTerminalGone { get; set; }

        public bool IsHeldForPrompt { get; set; }

        public PromptWatch? Prompt { get; set; }

        public bool HasEnded => Scopes.All(static scope => scope.IsReleased);

        public void Add(Scope[] more) => Volatile.Write(ref _scopes, [.. _scopes.Union(more)]);
    }
}
