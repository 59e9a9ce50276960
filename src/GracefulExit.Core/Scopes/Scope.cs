using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Forwarding;
using GracefulExit.Guard;
using GracefulExit.Supervision;

namespace GracefulExit.Scopes;

/// <summary>
/// One running <c>Use-ExitHandler</c>. Its state changes in one place, <see cref="Change"/>, by <see cref="ScopeMachine"/>.
/// </summary>
/// <remarks>
/// Threads: the pipeline thread runs the body; signals' threads and the supervisor request, stop and interrupt; a thread that
/// stops a pipeline from elsewhere enters through <see cref="OnPipelineStopping"/>. All state is under the registry's gate. Under
/// it there is no engine call, no user code, and no wait for either.
/// </remarks>
internal sealed class Scope : INestedPipelineOwner
{
    private readonly ScopeRegistry _registry;
    private readonly Latch _released = new();
    private ScopeState _state;
    private NestedPipeline? _bodyPipeline;
    private NestedPipeline? _exitPipeline;
    private bool _hasHeldStop;
    private Spell _waiting;
    private LostStopWatch? _stopWatch;
    private IDisposable? _alarm;
    private bool _isLooking;
    private int _lastBlockId;

    public Scope(int id, ScopeRegistry registry, ScopeOptions options, CallerSession caller, Runspace runspace, Scope? parent, Timeline timeline)
    {
        _registry = registry;
        Id = id;
        Options = options;
        Limits = options.Limits;
        Caller = caller;
        Runspace = runspace;
        Parent = parent;
        Timeline = timeline;
        PipelineThread = Thread.CurrentThread;
        _lastBlockId = options.ExitBlocks.Length - 1;
        Guard = options.Guard ? new GuardedScope(id, Context.StartedAt, options.ExitTimeout, caller.Warn) : null;
        Blocks = new ExitBlockRun(
            MakeBlocks(options.ExitBlocks, caller.SessionState),
            registry.Supervisor,
            options.ExitTimeout,
            options.StopTimeout,
            Observer = new ScopeBlockObserver(this));
        Notice = EndNotice.TryCreate(
            caller, registry.Supervisor, () => Wait, () => IsReleased, isAbandonable: Array.Exists(options.Signals, static signal => signal == Signal.Interrupt));
    }

    public int Id { get; }

    public ScopeOptions Options { get; }

    public ScopeLimits Limits { get; }

    /// <summary>Gets the caller's session. A rescue reads it from another thread.</summary>
    public CallerSession Caller { get; }

    public Runspace Runspace { get; }

    /// <summary>Gets the scope around this one in the same runspace, if any.</summary>
    public Scope? Parent { get; }

    public Thread PipelineThread { get; }

    /// <summary>Gets or sets a value indicating whether it was begun in a <c>finally</c> block of the stopped body around it, which goes on afterwards.</summary>
    public bool IsInUnwinding { get; set; }

    public ExitContext Context { get; } = new();

    public Timeline Timeline { get; }

    /// <summary>Gets the exit blocks.</summary>
    public ExitBlockRun Blocks { get; }

    public ScopeBlockObserver Observer { get; }

    /// <summary>Gets what tells a user at a terminal of a long end; null: nobody wants to know.</summary>
    public EndNotice? Notice { get; }

    /// <summary>Gets or sets what forwards signals to the body's children, with -ForwardSignal. Set before the body begins.</summary>
    public SignalForwarder? Forwarder { get; set; }

    /// <summary>Gets what sends messages to this scope's guard, if it has one: from the beginning, whenever an exit block runs.</summary>
    public GuardedScope? Guard { get; }

    /// <summary>Gets or sets the runspace in which a rescue runs the exit blocks.</summary>
    public Runspace? RescueRunspace { get; set; }

    /// <summary>Gets or sets a value indicating whether a scope within this one is ending the process, so that the caller does not go on.</summary>
    public bool EndsProcess { get; set; }

    public ScopeState State
    {
        get
        {
            using (_registry.Gate.Enter())
            {
                return _state;
            }
        }
    }

    /// <summary>
    /// Whether the stopped body is in one of its <c>finally</c> blocks: the stop has come, the engine has suspended it, and the thread
    /// has thrown since. On the pipeline thread, which waits for a stop that is on its way.
    /// </summary>
    /// <remarks>
    /// The engine stops the innermost command first. What the body was doing may have ended, and the block may have begun, before the
    /// stop has come to the command that runs the body.
    /// </remarks>
    public bool IsUnwinding()
    {
        using (_registry.Gate.Enter())
        {
            if (_state.Phase != ScopePhase.Stopping || _stopWatch is not { HasThrown: true })
            {
                return false;
            }
        }

        WaitStopReached(Options.StopTimeout);
        return _bodyPipeline?.IsStopInForce == false;
    }

    /// <summary>Whether the body's code that is running may run its next statement. On the pipeline thread, which waits for a stop that is on its way.</summary>
    public bool MayGoOn() => State.MayGoOn || IsUnwinding();

    /// <summary>Gets what the end waits for; null: there is no end, or a scope within this one ends first.</summary>
    public EndWait? Wait => State switch
    {
        { Phase: ScopePhase.Exiting or ScopePhase.Rescuing } => Blocks.Wait,
        { HasInner: true } => null,
        { Deadline: DeadlineKind.Unwind } state => new EndWait(Messages.WaitForStop, state.DueAt),
        { Deadline: DeadlineKind.Grace } state => new EndWait(Messages.WaitForGrace, state.DueAt),
        { Deadline: DeadlineKind.Forward } state => new EndWait(Messages.WaitForCommands, state.DueAt),
        { Deadline: DeadlineKind.Shield } state => new EndWait(Messages.WaitForShield, state.DueAt),
        _ => null,
    };

    /// <summary>Gets the state, for a caller that holds the gate.</summary>
    public ScopeState StateUnderGate => _state;

    /// <summary>Gets a value indicating whether a thread that stops the caller had to wait for the exit blocks.</summary>
    public bool HasHeldStop
    {
        get
        {
            using (_registry.Gate.Enter())
            {
                return _hasHeldStop;
            }
        }
    }

    /// <summary>Gets a value indicating whether the exit blocks have run or were given up, and this scope takes no more signals.</summary>
    public bool IsReleased => _released.IsSet;

    /// <summary>Handles an event: changes the scope's state and carries out the effects. Any thread.</summary>
    public ScopeEffects Apply(ScopeEventKind kind, ExitRequest? request = null, bool flag = false, BodyOutcome? outcome = null)
    {
        ScopeEffects effects;
        using (_registry.Gate.Enter())
        {
            effects = Change(kind, request, flag, outcome);
        }

        _registry.CarryOut([new ScopeChange(this, effects)]);
        return effects;
    }

    /// <summary>The only place where the state changes. The caller holds the gate and has the effects carried out afterwards.</summary>
    public ScopeEffects Change(
        ScopeEventKind kind, ExitRequest? request = null, bool flag = false, BodyOutcome? outcome = null, TimeSpan limit = default)
    {
        ScopeState before = _state;
        ScopeEvent happened = new(kind, Environment.TickCount64, request, flag, outcome?.Kind ?? BodyOutcomeKind.Completed, limit);
        (_state, ScopeEffects effects) = ScopeMachine.Next(Limits, before, happened);
        if (_state.Phase == ScopePhase.Stopping && before.Phase != ScopePhase.Stopping)
        {
            // Before anybody sends the stop.
            _stopWatch = new LostStopWatch(PipelineThread);
        }

        _stopWatch?.Pause(_state.HasInner);
        if (_state.IsBodyLeft)
        {
            _stopWatch?.Dispose();
            _stopWatch = null;
        }

        Describe(before, outcome);
        if (_state.Deadline != before.Deadline || _state.DueAt != before.DueAt)
        {
            SetAlarm();
        }

        if (effects.HasFlag(ScopeEffects.Release) || (before.IsStopPending && !_state.IsStopPending))
        {
            // Wake the thread that holds back a stop of this scope, so that it checks again.
            _registry.Gate.PulseAll();
        }

        return effects;
    }

    /// <summary>The body begins a shielded part, which no stop may interrupt. Pipeline thread.</summary>
    /// <param name="limit">How long a stop is held back at most.</param>
    /// <param name="isUnwinding">Whether the body has been stopped: there is no stop to hold back.</param>
    /// <returns>
    /// False: the body has already been told to stop, and the stop would interrupt the part, so it must not begin. In a
    /// <c>finally</c> block of a stopped body it may begin: no stop is in force there.
    /// </returns>
    public bool TryBeginShield(TimeSpan limit, out bool isUnwinding)
    {
        using (_registry.Gate.Enter())
        {
            if (_state.Phase != ScopePhase.Stopping)
            {
                _ = Change(ScopeEventKind.ShieldBegan, limit: limit);
                isUnwinding = false;
                return true;
            }
        }

        isUnwinding = true;
        WaitStopReached(Options.StopTimeout);
        return !EngineInternals.IsStopInForce(Runspace);
    }

    /// <summary>The pipeline thread is about to run the body in this pipeline.</summary>
    /// <returns>False: an exit was requested before the body began, so the body is skipped.</returns>
    public bool TryEnterBody(NestedPipeline? pipeline)
    {
        using (_registry.Gate.Enter())
        {
            bool mayRun = Change(ScopeEventKind.BodyEntered).HasFlag(ScopeEffects.RunBody);
            _bodyPipeline = mayRun ? pipeline : null;
            return mayRun;
        }
    }

    /// <summary>The body has ended on the pipeline thread, which claims the exit blocks.</summary>
    /// <returns>Whether to run them, and in which pipeline.</returns>
    public ScopeEffects ClaimExit(BodyOutcome outcome)
    {
        ScopeEffects effects;
        using (_registry.Gate.Enter())
        {
            effects = Change(ScopeEventKind.BodyLeft, outcome: outcome);
            if (!effects.HasFlag(ScopeEffects.WaitForRescue))
            {
                _exitPipeline = effects.HasFlag(ScopeEffects.RunBlocksInBodyPipeline) ? _bodyPipeline : null;
            }
        }

        Gate.ClearPendingInterrupt();
        if (State.Request is not null)
        {
            Announce();
        }

        return effects;
    }

    /// <summary>Sets the pipeline in which the claimed exit blocks are about to run: it must not be stopped from elsewhere.</summary>
    public void EnterExit(NestedPipeline pipeline)
    {
        using (_registry.Gate.Enter())
        {
            _exitPipeline = pipeline;
        }
    }

    /// <summary>Tells the body's pipeline to stop, as the state machine has decided.</summary>
    public void StopBody()
    {
        NestedPipeline? pipeline;
        using (_registry.Gate.Enter())
        {
            // Otherwise the body has ended, and exit blocks are running.
            pipeline = _state.Phase == ScopePhase.Stopping ? _bodyPipeline : null;
        }

        // Null: the body has not begun and will not begin. The pipeline ignores a second stop. A stop that comes when the body
        // has just ended hits no exit block: the claim saw Stopping and asked for a fresh pipeline.
        pipeline?.BeginStop();
    }

    /// <summary>Waits until a stop of the body has reached it: from then on no further statement of it starts.</summary>
    public void WaitStopReached(TimeSpan limit)
    {
        NestedPipeline? pipeline;
        using (_registry.Gate.Enter())
        {
            pipeline = _state.Phase == ScopePhase.Stopping ? _bodyPipeline : null;
        }

        pipeline?.WaitStopReached(limit);
    }

    /// <summary>Stops the body again if the engine has lost its stop. On the pipeline thread, in a cmdlet that must not return to the body.</summary>
    public void StopBodyAgainIfLost()
    {
        if (State.Phase == ScopePhase.Stopping && _bodyPipeline is { IsStopInForce: false } pipeline)
        {
            pipeline.BeginStopAgain();
        }
    }

    /// <summary>Stops the body from its own thread, and does not return before the stop has reached it.</summary>
    public void StopBodyAndWait()
    {
        Apply(ScopeEventKind.StopDemanded);
        WaitStopReached(Options.StopTimeout);
    }

    /// <summary>
    /// Checks whether the stopped body hangs in a managed wait, and interrupts the wait if every check for a while has found it
    /// there (row C2). Not in one of the body's own <c>finally</c> blocks, which have all of <c>-StopTimeoutSeconds</c>, and not
    /// while a scope within it is active, whose exit block runs on the same thread. On the supervisor's thread.
    /// </summary>
    /// <remarks>
    /// A stop that the engine has lost is sent again, also while a scope within the body is active: one that began after the loss,
    /// and that otherwise would run for as long as it likes. If the stop is not lost, that scope knows of it or is in a
    /// <c>finally</c> block, for which the thread has thrown.
    /// </remarks>
    public void LookForBlockedBody()
    {
        // Asked before the gate is taken: it is an engine call.
        bool isInForce = EngineInternals.IsStopInForce(Runspace);
        NestedPipeline? pipeline;
        LostStopWatch? watch;
        using (_registry.Gate.Enter())
        {
            if (_state is not { Phase: ScopePhase.Stopping, IsBodyLeft: false })
            {
                _isLooking = false;
                return;
            }

            (pipeline, watch) = (_bodyPipeline, _stopWatch);
            if (_state is { Deadline: DeadlineKind.Unwind, IsBodyLeft: false, IsProcessExiting: false, HasInner: false })
            {
                Interrupt(isInForce);
            }
        }

        // If the body has ended meanwhile, nothing is stopped: exit blocks never run in the pipeline of a stopped body.
        if (watch?.IsLost(pipeline?.IsStopInForce) == true)
        {
            Timeline.Add("stop again");
            pipeline?.BeginStopAgain();
        }

        _ = _registry.Supervisor.Schedule(_registry.LookInterval, LookForBlockedBody);
    }

    /// <summary>Interrupts the wait of a stopped exit block that does not unwind. On the supervisor's thread.</summary>
    public void TryInterruptExitBlock()
    {
        if (EngineInternals.IsStopInForce(Runspace) && PipelineThread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
        {
            Gate.Interrupt(PipelineThread);
        }
    }

    /// <inheritdoc/>
    public bool OnPipelineStopping(NestedPipeline pipeline)
    {
        for (Scope? around = pipeline.IsStopAllowed ? null : Parent; around is not null; around = around.Parent)
        {
            around.HoldForShield();
            if (around.IsExiting(out NestedPipeline? exitPipeline) && exitPipeline is not null)
            {
                if (Thread.CurrentThread == PipelineThread)
                {
                    return false;
                }

                around.HoldStop(exitPipeline);
            }
        }

        ScopeEffects effects;
        using (_registry.Gate.Enter())
        {
            if (_state.Phase == ScopePhase.Exiting && pipeline == _exitPipeline && Thread.CurrentThread == PipelineThread)
            {
                return false;
            }

            effects = Change(ScopeEventKind.StoppedFromElsewhere, ExitRequest.Stopped);
        }

        _registry.CarryOut([new ScopeChange(this, effects)]);
        if (Thread.CurrentThread != PipelineThread)
        {
            HoldForShield();
        }

        HoldStop(pipeline);
        return true;
    }

    /// <inheritdoc/>
    public void OnStopAllowed()
    {
        using (_registry.Gate.Enter())
        {
            _registry.Gate.PulseAll();
        }
    }

    /// <summary>An exit block could not be stopped: the remaining ones run elsewhere. Returns at once.</summary>
    public void GiveUp(string message) => _registry.GiveUp(this, message);

    /// <summary>Makes the request visible to the body. Returns at once.</summary>
    public void Announce() => Context.Announce(exception => Caller.Warn(
        exception is PSInvalidOperationException ? Messages.TokenScriptBlock(exception.Message) : Messages.TokenCallbackFailed(exception.Message)));

    /// <summary>The exit blocks have run or were given up: this scope takes no more signals.</summary>
    public void MarkReleased() => _released.Set();

    /// <summary>Waits until the exit blocks have run.</summary>
    public bool WaitReleased(TimeSpan limit) => _released.Wait(limit);

    /// <summary>The number of the next exit block that is pushed.</summary>
    public int NextBlockId() => Interlocked.Increment(ref _lastBlockId);

    /// <summary>The object that Get-ExitHandler returns for it.</summary>
    public ExitHandlerInfo Inform()
    {
        int depth = 0;
        for (Scope? scope = this; scope is not null; scope = scope.Parent)
        {
            depth++;
        }

        return new ExitHandlerInfo
        {
            Id = Id,
            Kind = ExitHandlerKind.Scope,
            State = State.Phase switch
            {
                ScopePhase.Starting => ExitHandlerState.Starting,
                ScopePhase.Body => ExitHandlerState.Body,
                ScopePhase.Draining => ExitHandlerState.Draining,
                ScopePhase.Stopping => ExitHandlerState.Stopping,
                ScopePhase.Exiting or ScopePhase.Rescuing => ExitHandlerState.Exiting,
                _ => ExitHandlerState.Completed,
            },
            WaitingFor = Wait?.Text ?? string.Empty,
            Signal = [.. Options.Signals.Select(static signal => signal.Name)],
            ScriptName = Options.StartedFrom.ScriptName,
            ScriptLineNumber = Options.StartedFrom.LineNumber,
            RunspaceId = Runspace.Id,
            Depth = depth,
            Context = Context,
        };
    }

    private static ExitBlock[] MakeBlocks(ScriptBlock[] scripts, SessionState caller)
    {
        ExitBlock[] blocks = new ExitBlock[scripts.Length];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = new ExitBlock(i, scripts[i], SessionPosition.Of(scripts[i], caller));
        }

        return blocks;
    }

    /// <summary>Begins to look at the stopped body, unless that has begun before. The caller holds the gate.</summary>
    private void Look()
    {
        if (!_isLooking)
        {
            _isLooking = true;
            _ = _registry.Supervisor.Schedule(_registry.LookInterval, LookForBlockedBody);
        }
    }

    private void Interrupt(bool isInForce)
    {
        if (_waiting.HasLasted(isInForce && PipelineThread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), ExitBlockRun.InterruptAfter))
        {
            Timeline.Add("interrupt");
            Gate.Interrupt(PipelineThread);
        }
    }

    private bool IsExiting(out NestedPipeline? exitPipeline)
    {
        using (_registry.Gate.Enter())
        {
            exitPipeline = _exitPipeline;
            return _state.Phase == ScopePhase.Exiting;
        }
    }

    /// <summary>
    /// Keeps the calling thread from stopping a pipeline while the body is in a shield, which has a time limit. If an outer pipeline
    /// is being stopped, this scope does not know of the stop yet.
    /// </summary>
    private void HoldForShield()
    {
        ScopeEffects effects;
        using (_registry.Gate.Enter())
        {
            if (_state.Shields == 0)
            {
                return;
            }

            effects = Change(ScopeEventKind.StoppedFromElsewhere, ExitRequest.Stopped);
        }

        _registry.CarryOut([new ScopeChange(this, effects)]);
        using (_registry.Gate.Enter())
        {
            while (_state.IsStopPending)
            {
                _registry.Gate.Wait(Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Keeps the calling thread from stopping a pipeline while exit blocks run in it; they have their own limits.</summary>
    private void HoldStop(NestedPipeline pipeline)
    {
        using (_registry.Gate.Enter())
        {
            while (_state.Phase == ScopePhase.Exiting && pipeline == _exitPipeline && !pipeline.IsStopAllowed)
            {
                _hasHeldStop = true;
                _registry.Gate.Wait(Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void SetAlarm()
    {
        // The alarm of a deadline that no longer holds would keep the scope, with all that its script has made, until the time is up.
        _alarm?.Dispose();
        _alarm = null;
        if (_state.Deadline == DeadlineKind.None)
        {
            return;
        }

        TimeSpan left = TimeSpan.FromMilliseconds(_state.DueAt - Environment.TickCount64);
        _alarm = _registry.Supervisor.Schedule(left > TimeSpan.Zero ? left : TimeSpan.Zero, () => Apply(ScopeEventKind.DeadlinePassed));
        if (_state.Deadline == DeadlineKind.Unwind)
        {
            _waiting.Reset();
            Look();
        }
    }

    /// <summary>
    /// Writes what ended the body to the context. If a request had to stop the body, it is the reason, whatever was thrown during
    /// unwinding. A body that ended by itself keeps its own reason, but a normal end after a request counts as caused by it.
    /// </summary>
    private void Describe(ScopeState before, BodyOutcome? outcome)
    {
        if (before.Request is null && _state.Request is { } request)
        {
            Timeline.Add("exit requested:", request.Signal?.Name ?? request.Reason.ToString());
            Context.RequestedAt = DateTime.Now;
            Context.Signal = request.Signal?.Name;
            Context.Reason = request.Reason;
            Context.ExitCode = request.Signal is not null ? Options.SignalExitCode ?? request.ExitCode : request.ExitCode;
        }

        if (before.Phase != _state.Phase && _state.Phase is ScopePhase.Draining or ScopePhase.Stopping or ScopePhase.Rescuing)
        {
            Timeline.Add(_state.Phase switch
            {
                ScopePhase.Draining => "drain",
                ScopePhase.Stopping => "stop",
                _ => "rescue",
            });
        }

        Context.IsRescue |= _state.Phase == ScopePhase.Rescuing;
        if (outcome is null || _state.WasBodyStopped || before.IsClaimed)
        {
            return;
        }

        switch (outcome.Kind)
        {
            case BodyOutcomeKind.Error:
                Context.Reason = ExitReason.Error;
                Context.ExitCode = 1;
                Context.ErrorRecord = outcome.ErrorRecord;
                break;
            case BodyOutcomeKind.Exit:
                Context.Reason = ExitReason.Exit;
                Context.ExitCode = outcome.ExitCode;
                break;
            default:
                break;
        }
    }
}
