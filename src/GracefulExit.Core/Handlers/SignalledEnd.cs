using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Native;
using GracefulExit.ProcessEnd;
using GracefulExit.Signals;
using GracefulExit.Supervision;

namespace GracefulExit.Handlers;

/// <summary>
/// Handles a signal that no scope takes but a registered handler listens to (rows F3–F5). The script is stopped as by Ctrl+C, the
/// shell ends its session, in which the handlers run, and the process ends as the signal would have ended it. If the shell does
/// not get there in time, or waits at its prompt, the end of the process runs the handlers.
/// </summary>
/// <remarks>
/// Threads: <see cref="TryTake"/> on .NET's signal thread or a pipeline thread. It notes the signal and posts the rest to the
/// supervisor; only the supervisor touches the counts. Other members say where they run.
/// </remarks>
internal sealed class SignalledEnd(
    HandlerRegistry registry, Supervisor supervisor, ISignalSource signals, EndOfProcess end, Action abandon, Action<TimeSpan> notifyStopping)
{
    /// <summary>How often to check whether the stopped script hangs in a managed wait.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Signals within this time count as one Ctrl+C, as for scopes (row C7).</summary>
    private static readonly TimeSpan OneInterrupt = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the older handlers may take.</summary>
    private static readonly TimeSpan OlderHandlersTime = TimeSpan.FromSeconds(2);

    /// <summary>The function of PSReadLine in which a shell waits at its prompt.</summary>
    private const string PromptFunction = "PSConsoleHostReadLine";

    /// <summary>What pwsh returns for a script that SIGQUIT has ended.</summary>
    private const int BreakStatus = 1;

    private readonly Gate _gate = new();
    private readonly HashSet<Guid> _endingSessions = [];
    private SessionEnding? _ending;
    private volatile bool _isSessionEnding;
    private volatile Signal? _drivenBy;
    private volatile bool _hasHungUp;
    private int _interrupts;
    private long _interruptedAt = -(long)OneInterrupt.TotalMilliseconds;
    private Spell _waiting;

    /// <summary>Gets why handlers run, if a signal is the reason; otherwise null.</summary>
    public SessionEnding? Ending => Volatile.Read(ref _ending);

    /// <summary>Gets the signal with which the handlers end the process; null: none.</summary>
    public Signal? DrivenBy
    {
        get => _drivenBy;
        private set => _drivenBy = value;
    }

    /// <summary>Gets a value indicating whether SIGHUP has arrived, even if the process ends for another reason.</summary>
    public bool HasHungUp
    {
        get => _hasHungUp;
        private set => _hasHungUp = value;
    }

    /// <summary>A signal that no scope takes has arrived, or Send-ExitRequest has asked for it.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="isKey">Whether SIGINT may come from a Ctrl+C, which at a prompt only ends the command (row F4).</param>
    /// <returns>False: no handler listens to it.</returns>
    public bool TryTake(Signal signal, bool isKey)
    {
        bool isOnItsWay = Ending is not null || _isSessionEnding || end.HasBegun;
        RegisteredHandler[] listening = registry.Listening(signal);
        if (listening.Length == 0 && !isOnItsWay && signal == Signal.Quit && ShellKind.EndsOnBreak)
        {
            return TryTakeBreak();
        }

        if (listening.Length == 0 ? Ending is null : isKey && signal == Signal.Interrupt && ShellKind.HasPrompt && !isOnItsWay)
        {
            return false;
        }

        if (signal == Signal.HangUp)
        {
            // At once: the next write to the closed terminal makes the shell end the process by FailFast.
            _ = HungUpTerminal.Replace();
            HasHungUp = true;
        }

        long arrivedAt = Environment.TickCount64;
        bool isFirst = !isOnItsWay
            && Interlocked.CompareExchange(ref _ending, new SessionEnding(ExitRequest.ForSignal(signal)), null) is null;
        if (isFirst)
        {
            // Never released: such a signal must not have its default effect before the process has ended.
            DrivenBy = signal;
            signals.Acquire([signal]);
        }

        supervisor.Post(() => Deliver(signal, listening, isFirst, arrivedAt));
        return true;
    }

    /// <summary>Whether the shell, whose session has a handler, waits at its prompt. Any thread.</summary>
    public bool IsShellIdle() => MainHandler([.. registry.Waiting(), .. registry.Running()]) is { } main && IsIdle(main.Runspace);

    /// <summary>How long the waiting handlers may take, together with the end of the process after them.</summary>
    public TimeSpan TimeToEnd() => OlderHandlersTime + OlderHandlersTime
        + TimeSpan.FromTicks(registry.Waiting().Concat(registry.Running()).Sum(static handler => handler.TimeToRun.Ticks));

    /// <summary>Whether a signal is about to stop the script of this runspace, which must not begin another statement. Any thread.</summary>
    public bool Stops(Runspace runspace) => DrivenBy is not null && Array.Exists(registry.Waiting(), handler => handler.Runspace == runspace);

    /// <summary>A scope that a signal has ended is now ending the process. Any thread.</summary>
    public void Note(ExitRequest request) => _ = Interlocked.CompareExchange(ref _ending, new SessionEnding(request), null);

    /// <summary>The terminal has been closed, whether or not SIGHUP has arrived. It is the reason unless there already is another. Any thread.</summary>
    public void NoteHangUp(RegisteredHandler newest)
    {
        if (Interlocked.CompareExchange(ref _ending, new SessionEnding(ExitRequest.ForSignal(Signal.HangUp)), null) is null)
        {
            DrivenBy = Signal.HangUp;
            signals.Acquire([Signal.HangUp]);
            if (newest.Options.AfterSignal == AfterSignal.Raise)
            {
                end.RaiseAtEnd(Signal.HangUp);
            }
        }
    }

    /// <summary>
    /// Stops the script as the shell's own Ctrl+C handler would. That one would also close a session that is about to end, on a
    /// second thread and while our handlers run in it. So if there are handlers, it is not run. Any thread.
    /// </summary>
    /// <returns>False: there are none, or the shell has a prompt, where its handler closes nothing.</returns>
    public bool TryStopScript()
    {
        if (ShellKind.HasPrompt || MainHandler([.. registry.Waiting(), .. registry.Running()]) is not { } main)
        {
            return false;
        }

        using (_gate.Enter())
        {
            if (!_isSessionEnding)
            {
                EngineInternals.BeginStop(main.Runspace);
            }
        }

        return true;
    }

    /// <summary>
    /// A shell without prompts takes SIGQUIT, Ctrl+Break on Windows, for its end: its own handler stops the script and closes the
    /// session, with 1 as its status. It does so on a second thread, beside the script, and nothing can be run in the session then. So
    /// if there are handlers the same is done here, the ordinary way. On the signal's thread.
    /// </summary>
    /// <returns>False: there are none.</returns>
    private bool TryTakeBreak()
    {
        if (MainHandler(registry.Waiting()) is null)
        {
            return false;
        }

        if (Interlocked.CompareExchange(ref _ending, new SessionEnding(new ExitRequest(ExitReason.Signal, Signal.Quit, BreakStatus)), null) is null)
        {
            supervisor.Post(() =>
            {
                if (MainHandler(registry.Waiting()) is { } main)
                {
                    EndScript(main, [main.Runspace], BreakStatus, main.Options.StopTimeout);
                }
            });
        }

        return true;
    }

    /// <summary>A runspace is being closed. On the closing thread.</summary>
    /// <remarks>
    /// From here on no signal stops or interrupts what runs there: it would hit a handler. A signal that came earlier can only have
    /// hit the script's pipeline.
    /// </remarks>
    public void OnSessionEnds(Runspace runspace)
    {
        using (_gate.Enter())
        {
            _ = _endingSessions.Add(runspace.InstanceId);
            _isSessionEnding |= runspace.Id == ShellKind.MainRunspaceId;
        }

        Gate.ClearPendingInterrupt();
    }

    /// <summary>Stops what runs in a runspace that is being closed, and waits for it. On the closing thread.</summary>
    /// <returns>False: it does not unwind in time.</returns>
    public bool StopAndWait(Runspace runspace)
    {
        TimeSpan limit = registry.Waiting().Where(handler => handler.Runspace == runspace).Select(static handler => handler.Options.StopTimeout)
            .DefaultIfEmpty(TimeSpan.Zero).Max();
        return EngineInternals.StopAndWait(runspace, limit);
    }

    /// <summary>The session has ended and its handlers have run: if a signal has ended the session, the process ends now.</summary>
    public void EndProcessIfAsked()
    {
        if (_drivenBy is { } signal)
        {
            end.Begin(signal.ExitCode);
        }
    }

    /// <summary>
    /// Runs the signal handlers of others after our handlers, as the signal would have done (row A7). Not for Ctrl+C: the shell's own
    /// handler is among them, and there is nothing left for it to stop. Waits for them, for a bounded time.
    /// </summary>
    public void RunOlderHandlers()
    {
        if (_drivenBy is not { IsConsoleBreak: false } signal || !signals.HasOlderHandlers || end.IsAbandoned)
        {
            return;
        }

        Latch begun = new();
        Thread? older = null;
        signals.RunOlderHandlers(signal, hasAny =>
        {
            older = hasAny ? Thread.CurrentThread : null;
            begun.Set();
        });
        if (begun.Wait(OlderHandlersTime))
        {
            _ = older?.Join(OlderHandlersTime);
        }
    }

    /// <summary>Whether a runspace runs nothing but the shell's prompt.</summary>
    private static bool IsIdle(Runspace runspace)
    {
        try
        {
            CallStackFrame[] frames = [.. runspace.Debugger.GetCallStack()];
            return frames.Length == 0
                ? runspace.RunspaceAvailability == RunspaceAvailability.Available
                : Array.TrueForAll(frames, static frame => frame.FunctionName == PromptFunction);
        }
        catch (InvalidOperationException)
        {
            // The list changed while it was read from another thread: a script is running.
            return false;
        }
    }

    private static RegisteredHandler? MainHandler(RegisteredHandler[] handlers) =>
        Array.Find(handlers, static handler => handler.Runspace.Id == ShellKind.MainRunspaceId);

    private void Deliver(Signal signal, RegisteredHandler[] listening, bool isFirst, long arrivedAt)
    {
        if (signal == Signal.Interrupt)
        {
            CountInterrupt(listening, arrivedAt);
        }

        if (isFirst)
        {
            Begin(signal, listening);
        }
    }

    private void Begin(Signal signal, RegisteredHandler[] listening)
    {
        RegisteredHandler[] waiting = registry.Waiting();
        TimeSpan stopTimeout = waiting.Select(static handler => handler.Options.StopTimeout).DefaultIfEmpty(TimeSpan.Zero).Max();
        notifyStopping(stopTimeout + TimeSpan.FromTicks(waiting.Sum(static handler => handler.TimeToRun.Ticks)));
        if (listening is [{ Options.AfterSignal: AfterSignal.Raise }, ..])
        {
            end.RaiseAtEnd(signal);
        }

        RegisteredHandler? main = MainHandler(waiting);
        if (main is null || IsIdle(main.Runspace))
        {
            end.Begin(signal.ExitCode);
            return;
        }

        EndScript(main, [.. waiting.Select(static handler => handler.Runspace).Distinct()], signal.ExitCode, stopTimeout);
    }

    /// <summary>Stops scripts and has the shell end with a status. On the supervisor's thread.</summary>
    private void EndScript(RegisteredHandler main, Runspace[] stopped, int status, TimeSpan stopTimeout)
    {
        // This comes first: the shell must not show another prompt after its script was stopped.
        end.EndShell(main.Caller.Host, status);
        using (_gate.Enter())
        {
            foreach (Runspace runspace in stopped)
            {
                if (!_endingSessions.Contains(runspace.InstanceId))
                {
                    EngineInternals.BeginStop(runspace);
                }
            }
        }

        LookForBlockedScript(main);
        _ = supervisor.Schedule(stopTimeout, () =>
        {
            if (!_isSessionEnding)
            {
                end.Begin(status);
            }
        });
    }

    /// <summary>
    /// Interrupts a managed wait in which the stopped script hangs, if every check for a while has found it there, as for scopes
    /// (row C2); not in a <c>finally</c> block. On the supervisor's thread.
    /// </summary>
    private void LookForBlockedScript(RegisteredHandler main)
    {
        using Gate.Held held = _gate.Enter();
        if (_isSessionEnding || end.HasBegun)
        {
            return;
        }

        bool isWaiting = main.PipelineThread.ThreadState.HasFlag(ThreadState.WaitSleepJoin) && EngineInternals.IsStopInForce(main.Runspace);
        if (_waiting.HasLasted(isWaiting, Blocks.ExitBlockRun.InterruptAfter))
        {
            Gate.Interrupt(main.PipelineThread);
        }

        _ = supervisor.Schedule(LookInterval, () => LookForBlockedScript(main));
    }

    /// <summary>Row C7: the second Ctrl+C warns; the third abandons the running handler and ends the process.</summary>
    private void CountInterrupt(RegisteredHandler[] listening, long arrivedAt)
    {
        if (_interrupts > 0 && arrivedAt - _interruptedAt < OneInterrupt.TotalMilliseconds)
        {
            return;
        }

        _interruptedAt = arrivedAt;
        _interrupts++;
        if (_interrupts == 2)
        {
            listening.FirstOrDefault()?.Caller.Warn(Messages.InterruptAgain);
        }
        else if (_interrupts > 2 && registry.Running().Length > 0)
        {
            abandon();
        }
    }
}
