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
/// A signal that no scope takes and a registered handler listens to (rows F3–F5): the script is stopped as by Ctrl+C, the shell comes
/// to its end, where the handlers run, and the process ends as the signal would have ended it. A shell that does not come to
/// its end in time, or that waits at its prompt, is not waited for: the end of the process runs the handlers.
/// </summary>
/// <remarks>
/// Threads: <see cref="TryTake"/> on .NET's signal thread or a pipeline thread: it notes the signal and posts the rest to the
/// supervisor, which alone touches the counts. The others say theirs.
/// </remarks>
internal sealed class SignalledEnd(
    HandlerRegistry registry, Supervisor supervisor, ISignalSource signals, EndOfProcess end, Action abandon, Action<TimeSpan> notifyStopping)
{
    /// <summary>How often to look whether the stopped script hangs in a managed wait.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>What comes within this time is one Ctrl+C, as for scopes (row C7).</summary>
    private static readonly TimeSpan OneInterrupt = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the older handlers may take.</summary>
    private static readonly TimeSpan OlderHandlersTime = TimeSpan.FromSeconds(2);

    /// <summary>The function of PSReadLine in which a shell waits at its prompt.</summary>
    private const string PromptFunction = "PSConsoleHostReadLine";

    private readonly Gate _gate = new();
    private readonly HashSet<Guid> _endingSessions = [];
    private SessionEnding? _ending;
    private volatile bool _isSessionEnding;
    private volatile Signal? _drivenBy;
    private volatile bool _hasHungUp;
    private int _interrupts;
    private long _interruptedAt = -(long)OneInterrupt.TotalMilliseconds;
    private long _waitingSince;

    /// <summary>Gets why handlers run if a signal is the reason; otherwise null.</summary>
    public SessionEnding? Ending => Volatile.Read(ref _ending);

    /// <summary>Gets the signal by which the handlers end the process; null: they do not.</summary>
    public Signal? DrivenBy
    {
        get => _drivenBy;
        private set => _drivenBy = value;
    }

    /// <summary>Gets a value indicating whether SIGHUP has come, even if it is not what ends the process.</summary>
    public bool HasHungUp
    {
        get => _hasHungUp;
        private set => _hasHungUp = value;
    }

    /// <summary>A signal that no scope takes has arrived, or was asked for.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="isKey">Whether SIGINT may be a Ctrl+C, which at a prompt ends the command as usual (row F4).</param>
    /// <returns>False: no handler listens to it.</returns>
    public bool TryTake(Signal signal, bool isKey)
    {
        bool isOnItsWay = Ending is not null || _isSessionEnding || end.HasBegun;
        RegisteredHandler[] listening = registry.Listening(signal);
        if (listening.Length == 0 ? Ending is null : isKey && signal == Signal.Interrupt && ShellKind.HasPrompt && !isOnItsWay)
        {
            return false;
        }

        if (signal == Signal.HangUp)
        {
            // At once: the next time that the shell writes to the closed terminal, it ends the process by FailFast.
            _ = HungUpTerminal.Replace();
            HasHungUp = true;
        }

        long arrivedAt = Environment.TickCount64;
        bool isFirst = !isOnItsWay
            && Interlocked.CompareExchange(ref _ending, new SessionEnding(ExitRequest.ForSignal(signal)), null) is null;
        if (isFirst)
        {
            // Never released: until the process has ended, such a signal must not have its default effect.
            DrivenBy = signal;
            signals.Acquire([signal]);
        }

        supervisor.Post(() => Deliver(signal, listening, isFirst, arrivedAt));
        return true;
    }

    /// <summary>Whether the shell, whose session has a handler, waits at its prompt. Any thread.</summary>
    public bool IsShellIdle() => MainHandler([.. registry.Waiting(), .. registry.Running()]) is { } main && IsIdle(main.Runspace);

    /// <summary>How long the handlers that wait may take, and the end of the process after them.</summary>
    public TimeSpan TimeToEnd() => OlderHandlersTime + OlderHandlersTime
        + TimeSpan.FromTicks(registry.Waiting().Concat(registry.Running()).Sum(static handler => handler.TimeToRun.Ticks));

    /// <summary>Whether a signal is about to stop the script of this runspace: it gets no further statement. Any thread.</summary>
    public bool Stops(Runspace runspace) => DrivenBy is not null && Array.Exists(registry.Waiting(), handler => handler.Runspace == runspace);

    /// <summary>A scope that a signal has ended now ends the process. Any thread.</summary>
    public void Note(ExitRequest request) => _ = Interlocked.CompareExchange(ref _ending, new SessionEnding(request), null);

    /// <summary>The terminal has been closed, whether or not its signal has come: no other reason has been noted yet. Any thread.</summary>
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
    /// Stops the script as the shell's own Ctrl+C handler would. That handler also closes a session that is about to end, beside the
    /// main thread, while the handlers run in it; so where there are handlers it is left out. Any thread.
    /// </summary>
    /// <returns>False: there are none, or the shell has a prompt, where it closes nothing.</returns>
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

    /// <summary>A runspace is being closed. On the closing thread.</summary>
    /// <remarks>
    /// From here on no signal stops or interrupts what runs there: it would be a handler. One that has come before has found the
    /// script's pipeline, if anything.
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

    /// <summary>Stops what runs in a runspace that somebody closes, and waits for it. On the closing thread.</summary>
    /// <returns>False: it does not unwind in time.</returns>
    public bool StopAndWait(Runspace runspace)
    {
        TimeSpan limit = registry.Waiting().Where(handler => handler.Runspace == runspace).Select(static handler => handler.Options.StopTimeout)
            .DefaultIfEmpty(TimeSpan.Zero).Max();
        return EngineInternals.StopAndWait(runspace, limit);
    }

    /// <summary>The session has ended, and its handlers have run: the process ends now, if a signal has ended the session.</summary>
    public void EndProcessIfAsked()
    {
        if (_drivenBy is { } signal)
        {
            end.Begin(signal.ExitCode);
        }
    }

    /// <summary>
    /// What others have registered for the signal runs once the handlers have run, as the signal would have run them (row A7). Not
    /// for Ctrl+C: the shell's own handler is among them, which would stop what no longer runs. Waits for them, a bounded time.
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
            // Read from another thread, the list may change meanwhile: a script runs.
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

        // This comes first: a shell whose script is stopped must not come to another prompt.
        end.EndShell(main.Caller.Host, signal.ExitCode);
        using (_gate.Enter())
        {
            foreach (Runspace runspace in waiting.Select(static handler => handler.Runspace).Distinct())
            {
                if (!_endingSessions.Contains(runspace.InstanceId))
                {
                    EngineInternals.BeginStop(runspace);
                }
            }
        }

        _waitingSince = Environment.TickCount64;
        LookForBlockedScript(main);
        _ = supervisor.Schedule(stopTimeout, () =>
        {
            if (!_isSessionEnding)
            {
                end.Begin(signal.ExitCode);
            }
        });
    }

    /// <summary>
    /// Interrupts a managed wait in which the stopped script hangs, if every look for a while has found it there, as for scopes
    /// (row C2); not in a <c>finally</c> block. On the supervisor's thread.
    /// </summary>
    private void LookForBlockedScript(RegisteredHandler main)
    {
        using Gate.Held held = _gate.Enter();
        if (_isSessionEnding || end.HasBegun)
        {
            return;
        }

        long now = Environment.TickCount64;
        if (!main.PipelineThread.ThreadState.HasFlag(ThreadState.WaitSleepJoin) || !EngineInternals.IsStopInForce(main.Runspace))
        {
            _waitingSince = now;
        }
        else if (now - _waitingSince >= Blocks.ExitBlockRun.InterruptAfter.TotalMilliseconds)
        {
            main.PipelineThread.Interrupt();
            _waitingSince = now;
        }

        _ = supervisor.Schedule(LookInterval, () => LookForBlockedScript(main));
    }

    /// <summary>Row C7: the second Ctrl+C warns, the third abandons the handler that runs, with the process.</summary>
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
