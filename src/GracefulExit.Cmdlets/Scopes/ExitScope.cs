using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Engine;
using GracefulExit.Forwarding;
using GracefulExit.Guard;
using GracefulExit.Pipelines;
using GracefulExit.ProcessEnd;

namespace GracefulExit.Scopes;

/// <summary>
/// One running <c>Use-ExitHandler</c>: a small state machine. This is the only place where a scope's state changes.
/// </summary>
/// <remarks>
/// <para>
/// Threads: the pipeline thread (enters the body, ends it, claims and completes the exit), signal and ladder threads
/// (request, stop, interrupt), and whichever thread stops a pipeline from elsewhere (<see cref="OnPipelineStopping"/>).
/// All state is under <see cref="_gate"/>. Lock order: <see cref="ScopeRegistry"/>, then a scope; never the other way round.
/// No user code and no engine call runs under the lock.
/// </para>
/// <para>
/// Exactly once: the exit blocks belong to whoever moves the state to <see cref="ExitScopeState.Exiting"/>, which happens
/// in <see cref="ClaimExit"/> and <see cref="TryClaimRescue"/>, under the lock, from a lower state only.
/// </para>
/// </remarks>
internal sealed class ExitScope
{
    private readonly object _gate = new();
    private readonly ScopeRegistry _registry;

    // Who waits for one of these waits for a body or an exit block: to spin meanwhile would only take the processor from it.
    private readonly ManualResetEventSlim _bodyUnwound = new(false, spinCount: 0);
    private readonly ManualResetEventSlim _drainOver = new(false, spinCount: 0);
    private readonly ManualResetEventSlim _completed = new(false, spinCount: 0);
    private ExitScopeState _state = ExitScopeState.Starting;
    private ExitRequest? _request;
    private NestedPipeline? _bodyPipeline;
    private NestedPipeline? _exitPipeline;
    private bool _isExitBlockRunning;
    private bool _wasBodyStopped;
    private bool _hasHeldStop;
    private int _interrupts;
    private long _exitBlockBeganAt = long.MaxValue;

    public ExitScope(
        int id, ScopeRegistry registry, ScopeOptions options, CallerSession caller, Runspace runspace, ExitScope? parent, Timeline timeline)
    {
        _registry = registry;
        Timeline = timeline;
        Id = id;
        Options = options;
        Caller = caller;
        Runspace = runspace;
        Parent = parent;
        PipelineThread = Thread.CurrentThread;
        Blocks = [.. options.ExitBlocks.Select(block => (block, SessionPosition.Of(block, caller.SessionState)))];
        Guard = options.Guard ? new GuardedScope(id, Context.StartedAt, options.ExitTimeout, caller.Warn) : null;
    }

    public int Id { get; }

    public ScopeOptions Options { get; }

    /// <summary>Gets what is known of the caller's session; a rescue reads it from another thread.</summary>
    public CallerSession Caller { get; }

    public Runspace Runspace { get; }

    /// <summary>Gets the scope around this one in the same runspace, if any.</summary>
    public ExitScope? Parent { get; }

    public Thread PipelineThread { get; }

    /// <summary>Gets or sets the runspace in which a rescue runs the exit blocks.</summary>
    public Runspace? RescueRunspace { get; set; }

    public ExitContext Context { get; } = new();

    /// <summary>Gets or sets what forwards signals to the body's children, if that was asked for. Set before the body begins.</summary>
    public SignalForwarder? Forwarder { get; set; }

    /// <summary>Gets who tells the guard of this scope, if it has one.</summary>
    public GuardedScope? Guard { get; }

    /// <summary>Gets the exit blocks, and where each runs.</summary>
    public IReadOnlyList<(ScriptBlock Block, SessionPosition Position)> Blocks { get; }

    public Timeline Timeline { get; }

    public ExitScopeState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    public ExitRequest? Request
    {
        get
        {
            lock (_gate)
            {
                return _request;
            }
        }
    }

    /// <summary>
    /// Asks the scope to end early. The first request counts; none counts once the exit blocks have been claimed.
    /// </summary>
    /// <returns>Whether this request is the one that counts: its caller must see to it that the body ends.</returns>
    public bool RequestExit(ExitRequest request)
    {
        bool counts = RecordRequest(request);
        if (counts)
        {
            Context.Announce();
        }

        return counts;
    }

    /// <summary>
    /// The first half of <see cref="RequestExit"/>: the body does not know yet. <see cref="ExitContext.Announce"/> is the
    /// second; between the two, other scopes may be told as well, so that no body acts on its request before that.
    /// </summary>
    public bool RecordRequest(ExitRequest request)
    {
        lock (_gate)
        {
            if (_state >= ExitScopeState.Exiting || _request is not null)
            {
                return false;
            }

            Accept(request);
            if (_state == ExitScopeState.Body && HasGracePeriod)
            {
                _state = ExitScopeState.Draining;
            }
        }

        if (request.Signal is not null)
        {
            Forwarder?.TakeStock(this);
        }

        return true;
    }

    /// <summary>
    /// The pipeline thread is about to run the body.
    /// </summary>
    /// <returns>False: an exit was requested before the body began, which is therefore left out.</returns>
    public bool TryEnterBody(NestedPipeline pipeline)
    {
        lock (_gate)
        {
            if (_state != ExitScopeState.Starting)
            {
                return false;
            }

            if (_request is not null && !HasGracePeriod)
            {
                return false;
            }

            _bodyPipeline = pipeline;
            _state = _request is null ? ExitScopeState.Body : ExitScopeState.Draining;
            return true;
        }
    }

    /// <summary>Tells the body to stop, unless it has ended. Any thread.</summary>
    public void StopBody()
    {
        NestedPipeline? pipeline;
        lock (_gate)
        {
            if (_state > ExitScopeState.Stopping)
            {
                return;
            }

            if (_state != ExitScopeState.Stopping)
            {
                Timeline.Add("stop");
            }

            _state = ExitScopeState.Stopping;
            pipeline = _bodyPipeline;
        }

        // Null: the body has not begun and will not begin. Otherwise the pipeline ignores a second stop, and one that
        // comes when its body has just ended finds no exit block in it: ClaimExit saw Stopping and asked for a fresh one.
        pipeline?.BeginStop();
    }

    /// <summary>
    /// Stops the body from its own thread, which must not go on before the stop has reached it.
    /// </summary>
    public void StopBodyAndWait()
    {
        StopBody();
        NestedPipeline? pipeline;
        lock (_gate)
        {
            pipeline = _state == ExitScopeState.Stopping ? _bodyPipeline : null;
        }

        pipeline?.WaitStopReached();
    }

    /// <summary>
    /// Interrupts a managed wait in which the stopped body hangs. Called under the registry's lock, so that no scope
    /// within the body begins meanwhile: its exit block runs on the same thread and must not be hit.
    /// </summary>
    /// <remarks>
    /// The exit block of this scope can't be hit either: a claim takes the lock, and clears what was pending before.
    /// </remarks>
    public bool TryInterruptBody()
    {
        lock (_gate)
        {
            // A thread that is in Environment.Exit waits for the exit blocks: interrupted, it would end the process at once.
            if (_state != ExitScopeState.Stopping || _bodyUnwound.IsSet || ProcessExit.HasBegun || !PipelineThread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            {
                return false;
            }

            Timeline.Add("interrupt");
            PipelineThread.Interrupt();
            return true;
        }
    }

    /// <summary>
    /// The body has ended on the pipeline thread, which claims the exit blocks.
    /// </summary>
    /// <param name="outcome">How the body ended.</param>
    /// <returns>Whether to run them, and in which pipeline.</returns>
    public ExitClaim ClaimExit(BodyOutcome outcome) => Uninterruptible.Run(() =>
    {
        lock (_gate)
        {
            LeaveBody();
            if (_state >= ExitScopeState.Exiting)
            {
                return ExitClaim.Taken;
            }

            // A request without a grace period stops the body at once. If its token alone has ended the body before the
            // stop came, by an OperationCanceledException, that is the same.
            _wasBodyStopped = _state == ExitScopeState.Stopping
                || (_state == ExitScopeState.Body && _request is not null && outcome.Kind == BodyOutcomeKind.Error);
            bool inBodyPipeline = !_wasBodyStopped && _bodyPipeline is not null && outcome.Kind != BodyOutcomeKind.Stopped;
            if (_request is null && outcome.Kind == BodyOutcomeKind.Stopped)
            {
                Accept(ExitRequest.Stopped);
                Context.MarkRequested();
            }

            Describe(outcome);
            _exitPipeline = inBodyPipeline ? _bodyPipeline : null;
            _state = ExitScopeState.Exiting;
            return inBodyPipeline ? ExitClaim.InBodyPipeline : ExitClaim.InFreshPipeline;
        }
    });

    /// <summary>
    /// The body's thread can't be freed: claims the exit blocks for a runspace of their own.
    /// </summary>
    /// <returns>False: the body has unwound after all.</returns>
    public bool TryClaimRescue()
    {
        lock (_gate)
        {
            if (_state != ExitScopeState.Stopping || _bodyUnwound.IsSet)
            {
                return false;
            }

            Timeline.Add("rescue");
            _wasBodyStopped = true;
            _state = ExitScopeState.Exiting;
            Context.IsRescue = true;
            return true;
        }
    }

    /// <summary>The pipeline in which the claimed exit blocks are about to run: it is not to be stopped from elsewhere.</summary>
    public void EnterExit(NestedPipeline pipeline)
    {
        lock (_gate)
        {
            _exitPipeline = pipeline;
        }
    }

    /// <summary>An exit block begins or ends on the pipeline thread: between the two, and only then, its time-out may stop it.</summary>
    public void SetExitBlockRunning(bool isRunning) => Uninterruptible.Run(() =>
    {
        lock (_gate)
        {
            return _isExitBlockRunning = isRunning;
        }
    });

    /// <summary>Stops the pipeline of an exit block that has run for too long.</summary>
    public void StopExitBlock(NestedPipeline pipeline)
    {
        lock (_gate)
        {
            if (!_isExitBlockRunning)
            {
                return;
            }
        }

        pipeline.BeginStop();
    }

    /// <summary>Interrupts the wait of an exit block that was stopped and does not unwind.</summary>
    public void TryInterruptExitBlock()
    {
        lock (_gate)
        {
            if (_isExitBlockRunning && PipelineThread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            {
                PipelineThread.Interrupt();
            }
        }
    }

    /// <summary>How long an exit block has run before a third Ctrl+C can mean it (row C7): a storm of signals is to lose none (C10).</summary>
    public static readonly TimeSpan AbandonableAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets how long until the exit blocks can be abandoned; never, if none of them has begun.</summary>
    public TimeSpan TimeUntilAbandonable
    {
        get
        {
            long beganAt = Volatile.Read(ref _exitBlockBeganAt);
            return beganAt == long.MaxValue
                ? TimeSpan.MaxValue
                : AbandonableAfter - TimeSpan.FromMilliseconds(Environment.TickCount64 - beganAt);
        }
    }

    /// <summary>An exit block is about to begin, on whichever thread.</summary>
    public void BeginExitBlock() => Interlocked.CompareExchange(ref _exitBlockBeganAt, Environment.TickCount64, long.MaxValue);

    /// <summary>Counts a Ctrl+C that this scope has seen.</summary>
    /// <returns>How many there were in all.</returns>
    public int CountInterrupt() => Interlocked.Increment(ref _interrupts);

    /// <summary>
    /// A pipeline of this scope is being stopped by somebody, who has not yet begun to: the engine raises this event
    /// first, on the stopping thread, and stops when the handler has returned. Holding it back therefore protects an exit
    /// block, this scope's own or one around it.
    /// </summary>
    /// <returns>
    /// False on the pipeline thread itself, which raises the event in place of the stopper when the stop coincides with the
    /// pipeline's start: nothing was held back, and nothing may be begun in this pipeline.
    /// </returns>
    public bool OnPipelineStopping(NestedPipeline pipeline)
    {
        for (ExitScope? around = pipeline.IsStopAllowed ? null : Parent; around is not null; around = around.Parent)
        {
            if (around.IsExiting(out NestedPipeline? exitPipeline) && exitPipeline is not null)
            {
                if (Thread.CurrentThread == PipelineThread)
                {
                    return false;
                }

                around.HoldStop(exitPipeline);
            }
        }

        bool isNew;
        lock (_gate)
        {
            switch (_state)
            {
                case ExitScopeState.Starting or ExitScopeState.Body or ExitScopeState.Draining:
                    isNew = _request is null;
                    if (isNew)
                    {
                        Accept(ExitRequest.Stopped);
                    }

                    _state = ExitScopeState.Stopping;
                    break;
                case ExitScopeState.Exiting when pipeline == _exitPipeline:
                    if (Thread.CurrentThread == PipelineThread)
                    {
                        return false;
                    }

                    isNew = false;
                    break;
                default:
                    return true;
            }
        }

        if (isNew)
        {
            Context.Announce();
            _registry.Unwind([this]);
        }

        HoldStop(pipeline);
        return true;
    }

    /// <summary>A stop of ours, such as a time-out's, is not to be held back, nor one that is being held back already.</summary>
    public void ReleaseHeldStops()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The exit blocks have run (or were abandoned). Signals are no longer this scope's.</summary>
    public void Complete() => Uninterruptible.Run(() =>
    {
        Guard?.Release();
        lock (_gate)
        {
            _state = ExitScopeState.Completed;
            Monitor.PulseAll(_gate);
        }

        _completed.Set();
        return true;
    });

    /// <summary>Gets a value indicating whether the body was told to stop, in contrast to having ended in a way of its own.</summary>
    public bool WasBodyStopped
    {
        get
        {
            lock (_gate)
            {
                return _wasBodyStopped;
            }
        }
    }

    /// <summary>Gets a value indicating whether somebody who stops the caller was kept waiting for the exit blocks.</summary>
    public bool HasHeldStop
    {
        get
        {
            lock (_gate)
            {
                return _hasHeldStop;
            }
        }
    }

    /// <summary>Gets or sets a value indicating whether a scope within this one ends the process: the caller does not go on.</summary>
    public bool EndsProcess { get; set; }

    /// <summary>The pipeline thread has left the body, or will not enter it: whoever waits to stop it need not any more.</summary>
    public void LeaveBody()
    {
        _bodyUnwound.Set();
        _drainOver.Set();
    }

    /// <summary>The process is exiting: the body's grace period is over.</summary>
    public void EndDrain() => _drainOver.Set();

    /// <summary>Waits until the body has ended, or its grace period has, or has been cut short.</summary>
    public bool WaitDrainOver(TimeSpan timeout) => _drainOver.Wait(timeout);

    /// <summary>Waits until the body's thread has left the body.</summary>
    public bool WaitBodyUnwound(TimeSpan timeout) => _bodyUnwound.Wait(timeout);

    public void WaitCompleted() => _completed.Wait();

    /// <summary>Waits until the exit blocks have run.</summary>
    public bool WaitCompleted(TimeSpan timeout) => _completed.Wait(timeout);

    /// <summary>
    /// Whether the code in which an inner scope has just ended may run its next statement: a body that is to end may not,
    /// an exit block always may.
    /// </summary>
    public bool MayGoOn()
    {
        lock (_gate)
        {
            return _state switch
            {
                ExitScopeState.Stopping => false,
                ExitScopeState.Body => _request is null,
                _ => true,
            };
        }
    }

    private bool IsExiting(out NestedPipeline? exitPipeline)
    {
        lock (_gate)
        {
            exitPipeline = _exitPipeline;
            return _state == ExitScopeState.Exiting;
        }
    }

    /// <summary>Keeps the calling thread from stopping a pipeline while exit blocks run in it.</summary>
    private void HoldStop(NestedPipeline pipeline)
    {
        lock (_gate)
        {
            while (_state == ExitScopeState.Exiting && pipeline == _exitPipeline && !pipeline.IsStopAllowed)
            {
                _hasHeldStop = true;
                Monitor.Wait(_gate);
            }
        }
    }

    private bool HasGracePeriod => Options.GracePeriod > TimeSpan.Zero;

    private void Accept(ExitRequest request)
    {
        Timeline.Add("exit requested:", request.Signal?.Name ?? request.Reason.ToString());
        _request = request;
        Context.RequestedAt = DateTime.Now;
        Context.Signal = request.Signal?.Name;
        Context.Reason = request.Reason;
        Context.ExitCode = request.ExitCode;
    }

    /// <summary>
    /// What ended the body goes to the context. A request that had to stop the body is the reason whatever its unwinding
    /// threw; a body that ended by itself tells its own reason, and an orderly end after a request is that request's.
    /// </summary>
    private void Describe(BodyOutcome outcome)
    {
        if (_wasBodyStopped)
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
