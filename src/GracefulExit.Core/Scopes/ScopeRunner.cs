using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using GracefulExit.Blocks;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Forwarding;
using GracefulExit.Guard;
using GracefulExit.Native;
using GracefulExit.Signals;
using GracefulExit.Supervision;

namespace GracefulExit.Scopes;

/// <summary>
/// Runs one scope on the caller's thread: first the body, then the exit blocks. Then throws or writes what the caller gets to see.
/// </summary>
/// <remarks>
/// <para>Threads: the pipeline thread, except <see cref="OnStopProcessing"/>, which the stopping thread calls.</para>
/// <para>
/// Body and exit blocks run in a pipeline nested in the caller's, so that a signal stops the body alone. Their own
/// pipelines are created while the outer cmdlet is the running command and are linked to its pipes: redirections of the call
/// apply to them, objects go straight to the caller's next command, and no stream is copied.
/// </para>
/// </remarks>
internal sealed class ScopeRunner
{
    /// <summary>How long the shell's own Ctrl+C handler may take to stop the caller.</summary>
    private static readonly TimeSpan ShellHandlerTime = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the end of the process, once requested, may take to end a script, in addition to -StopTimeoutSeconds.</summary>
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    private readonly PSCmdlet _outer;
    private readonly ScopeOptions _options;
    private readonly ExitRuntime _runtime;
    private readonly Latch _outerStopping;
    private Scope? _scope;
    private CallerBlocks? _blocks;
    private EventActions? _heldActions;
    private BodyOutcome _outcome = BodyOutcome.NotBegun;
    private bool _endsProcess;
    private bool _isSessionClosing;
    private bool _isWithinTry;
    private bool _bodyFailed;

    /// <summary>Prepares a scope.</summary>
    /// <param name="outer">The cmdlet.</param>
    /// <param name="options">What the caller wants.</param>
    /// <param name="runtime">The process's own.</param>
    /// <param name="outerStopping">Is set when a stop of the caller reaches the cmdlet, just before <see cref="OnStopProcessing"/>.</param>
    public ScopeRunner(PSCmdlet outer, ScopeOptions options, ExitRuntime runtime, Latch outerStopping)
    {
        _outer = outer;
        _options = options;
        _runtime = runtime;
        _outerStopping = outerStopping;
    }

    /// <summary>Runs the scope. As its last action it throws what ended the body, if the caller has to see that.</summary>
    /// <exception cref="AlreadyRegisteredException">Nothing was registered and nothing has run.</exception>
    /// <exception cref="GuardFailedException">There is no guard; nothing has run.</exception>
    /// <exception cref="PipelineStoppedException">The caller is being stopped.</exception>
    public void Run()
    {
        Scope scope = Register();
        List<CallerVariable> underscores = [];
        CommandWatch? watch = null;
        try
        {
            underscores = FindUnderscores();
            _isWithinTry = EngineInternals.IsWithinTry(_outer);
            underscores.ForEach(underscore => underscore.Set(scope.Context));
            _blocks = new CallerBlocks(_outer, scope.Caller, scope.Context, scope.Blocks.Waiting);
            scope.Observer.BeforeBlock = () => Flush(scope);
            if (scope.Guard is { } guard)
            {
                guard.Begin(_outer, scope.Blocks.Waiting, scope.Runspace, scope.Timeline.IsWanted);
                if (guard.ProcessId is > 0 and int process)
                {
                    scope.Timeline.Add("guarded by process", process);
                }
            }

            scope.Forwarder = _options.ForwardSignal ? new SignalForwarder(_outer.SessionState.PSVariable, _options.Signals, scope.StopBodyAndWait) : null;
            watch = CommandWatch.Begin(_outer);
            RunBodyAndExit(scope, _blocks);
            WriteFailures(hasWorse: _outcome.Kind is BodyOutcomeKind.Error or BodyOutcomeKind.Exit);
            EndProcessIfAsked(scope);
        }
        finally
        {
            watch?.Dispose();
            Close(scope);
            underscores.ForEach(underscore => underscore.Restore());
        }

        Conclude(scope);
    }

    /// <summary>The caller's pipeline is being stopped. Called by the stopping thread, once the nested pipelines have been told.</summary>
    public void OnStopProcessing()
    {
        // The body's pipeline may have begun after the stopping thread looked for nested ones.
        if (_scope is { } scope && scope.State is { Request: null })
        {
            _ = scope.Apply(ScopeEventKind.Requested, ExitRequest.Stopped);
        }
    }

    private Scope Register()
    {
        _runtime.Prepare();
        Timeline timeline = new(WantsTimeline() ? _outer : null);
        if (_outerStopping.IsSet)
        {
            // As if the caller had been stopped one statement earlier.
            throw new PipelineStoppedException();
        }

        _runtime.Signals.Acquire(_options.Signals);
        try
        {
            CallerSession caller = new(_outer.SessionState, _outer.Host);
            _scope = _runtime.Registry.Begin(_options, caller, Runspace.DefaultRunspace, timeline);
            _scope.IsInUnwinding = _scope.Parent?.IsUnwinding() == true;

            // A stop that has come meanwhile found no scope. With the barrier, either it finds this one or this thread sees it.
            Interlocked.MemoryBarrier();
            if (_outerStopping.IsSet)
            {
                OnStopProcessing();
            }

            timeline.Add("registered for", string.Join(", ", _options.Signals.Select(signal => signal.Name)));
            if (timeline.IsWanted && ToolLauncher.FindParent() is { } launcher)
            {
                timeline.Add("started by the .NET tool's launcher, which hands on no signal: process", launcher);
            }

            timeline.Flush();
            return _scope;
        }
        catch (Exception)
        {
            // Another scope is active, or the process is exiting, or nobody takes the timeline. Undo a partial registration.
            if (_scope is not null)
            {
                _ = _scope.Apply(ScopeEventKind.Closed);
            }

            _runtime.Signals.Release(_options.Signals);
            throw;
        }
    }

    /// <summary>Releases everything at the end of the scope, whatever has happened in it.</summary>
    private void Close(Scope scope)
    {
        scope.Forwarder?.Remove();
        _ = scope.Apply(ScopeEventKind.Closed);
        if (scope.State.Phase == ScopePhase.Rescuing)
        {
            // A rescue began before this thread got here: the exit blocks belong to it.
            scope.WaitReleased(Timeout.InfiniteTimeSpan);
            _ = scope.Apply(ScopeEventKind.Closed);
        }

        scope.Guard?.Release();
        if (!_endsProcess && !scope.EndsProcess)
        {
            // Otherwise a loop that never ends would keep the process alive.
            _heldActions?.Dispose();
        }

        _runtime.Signals.Release(_options.Signals);
        _blocks?.Dispose();
        scope.Timeline.Add("end:", scope.Context);
        Flush(scope);
        _options.ExitVariable?.Set(scope.Context, scope.Caller);
    }

    private void Flush(Scope scope)
    {
        if (_blocks is { Guard.IsRefused: false })
        {
            scope.Timeline.Flush();
        }
    }

    /// <summary>
    /// Where the blocks look for <c>$_</c>: in the caller's scope, or in another session if a block belongs to that, such as a
    /// module's function or, within a module, a block of the module's caller.
    /// </summary>
    private List<CallerVariable> FindUnderscores()
    {
        SessionState caller = _outer.SessionState;
        List<CallerVariable> underscores = [new(caller.PSVariable, "_")];
        List<PSModuleInfo?> seen = [caller.Module];
        foreach (ScriptBlock block in (IEnumerable<ScriptBlock>)[.. _options.ExitBlocks, _options.Body])
        {
            PSModuleInfo? module = block.Module;
            if (seen.Contains(module))
            {
                continue;
            }

            seen.Add(module);
            underscores.Add(module is null ? new(caller.PSVariable, "global:_") : new(module.SessionState.PSVariable, "_"));
        }

        return underscores;
    }

    private bool WantsTimeline()
    {
        object? wanted = _outer.MyInvocation.BoundParameters.TryGetValue("Verbose", out object? bound)
            ? bound
            : _outer.SessionState.PSVariable.GetValue("VerbosePreference");
        return wanted switch
        {
            SwitchParameter given => given.IsPresent,
            bool isWanted => isWanted,
            _ => TryGetPreference(wanted, out ActionPreference preference)
                && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore),
        };
    }

    private void RunBodyAndExit(Scope scope, CallerBlocks blocks)
    {
        // Two variables, since there is no code ahead of time for a nullable enumeration of our own.
        ScopeEffects claim = ScopeEffects.None;
        bool isClaimed = false;
        using SteppablePipeline body = UserPipelines.ForBody(_options.Body, _options.Arguments ?? [scope.Context]);
        NestedPipeline? nested = null;
        using (nested = new NestedPipeline(scope, worker =>
        {
            if (scope.TryEnterBody(nested!))
            {
                RunBody(body, worker);
            }

            claim = Claim(scope, blocks);
            isClaimed = true;
            if (claim.HasFlag(ScopeEffects.RunBlocksInBodyPipeline))
            {
                RunBlocks(scope, blocks, worker, nested!);
            }
        }))
        {
            if (!TryInvoke(nested))
            {
                // The session is closing, as in an action of PowerShell.Exiting, and takes no more pipelines. The body runs in the
                // caller's own pipeline, so what would stop only the body has to stop the caller.
                RunDirectly(scope, body);
            }
        }

        if (!isClaimed)
        {
            // The pipeline was stopped before its command began.
            claim = Claim(scope, blocks);
        }

        ForgiveStopOf(nested);
        if (claim.HasFlag(ScopeEffects.WaitForRescue))
        {
            scope.WaitReleased(Timeout.InfiniteTimeSpan);
            return;
        }

        _heldActions = scope.State.WasBodyStopped ? EventActions.Hold(_outer.Events) : null;
        while (!scope.Blocks.IsDone)
        {
            if (!RunInFreshPipeline(scope, blocks))
            {
                // This thread has lost the run. Another one runs the rest and ends the process.
                scope.WaitReleased(Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void RunBody(SteppablePipeline body, PSCmdlet worker)
    {
        try
        {
            EngineInternals.SetWithinTry(worker, _isWithinTry);
            body.Begin(_outer);
            if (_options.Input is null)
            {
                // As in ". { }", a process block runs once.
                body.Process();
            }

            foreach (object? input in _options.Input ?? [])
            {
                body.Process(input);
            }

            body.End();
            _outcome = BodyOutcome.Completed;
        }
        catch (Exception exception)
        {
            _outcome = BodyOutcome.FromException(exception);
        }

        _bodyFailed = worker.SessionState.PSVariable.GetValue("?") is false;
        if (IsInterruptKey())
        {
            _runtime.Router.TakeInterruptKey(_scope!);
        }
    }

    /// <summary>
    /// Whether the body ended because Ctrl+C was read as a key while Read-Host or another prompt of the host waited (row C15). The
    /// host then throws the same exception as a stop, but nobody has stopped anything, and there is a terminal.
    /// </summary>
    private bool IsInterruptKey() =>
        _outcome is { Kind: BodyOutcomeKind.Stopped, Exception.SourceException: PipelineStoppedException }
        && _scope!.State.Request is null
        && !_outerStopping.IsSet
        && _options.Signals.Contains(Signal.Interrupt)
        && !Console.IsInputRedirected;

    private ScopeEffects Claim(Scope scope, CallerBlocks blocks)
    {
        ScopeEffects claim = scope.ClaimExit(_outcome);
        scope.Forwarder?.Remove();
        scope.Timeline.Add("body ended:", _outcome.Kind);
        ScopeState state = scope.State;
        if (state.WasBodyStopped)
        {
            EngineInternals.ForgiveStop(_outer);
        }

        if (_outcome.IsOutputRefused || state.Request?.Reason == ExitReason.Stopped)
        {
            blocks.Guard.Refuse();
        }

        return claim;
    }

    private void RunDirectly(Scope scope, SteppablePipeline body)
    {
        if (!EngineInternals.IsBeingStopped(_outer) && scope.TryEnterBody(null))
        {
            _isSessionClosing = true;
            RunBody(body, _outer);
        }
    }

    /// <returns>False: the exit blocks were taken from this thread.</returns>
    private static bool RunElsewhere(Scope scope)
    {
        scope.Context.IsRescue = true;
        return ScopeWork.RunDetached(scope);
    }

    /// <summary>
    /// A stop of our own ends a body or an exit block, but also marks the caller's pipelines as failed, which nobody has stopped.
    /// </summary>
    private void ForgiveStopOf(NestedPipeline nested)
    {
        if (nested.IsStopAllowed)
        {
            EngineInternals.ForgiveStop(_outer);
        }
    }

    /// <returns>False: the exit blocks were taken from this thread.</returns>
    private static bool RunBlocks(Scope scope, CallerBlocks blocks, PSCmdlet worker, NestedPipeline? pipeline)
    {
        CallerVariable lastExitCode = new(worker.SessionState.PSVariable, "global:LASTEXITCODE");
        bool isOurs = scope.Blocks.Run(blocks.In(worker, pipeline, scope.TryInterruptExitBlock));
        lastExitCode.Restore();
        return isOurs;
    }

    /// <summary>
    /// Runs exit blocks in a nested pipeline of their own. If somebody stops the caller just as that pipeline starts, the stop
    /// can't be held back. Then nothing has begun in it, and another pipeline is created, which the stopping thread does not know.
    /// A stop that began earlier does not know the pipeline either, so it need not be held back: it ends the caller's output but
    /// not the exit blocks.
    /// </summary>
    /// <returns>False: the exit blocks were taken from this thread.</returns>
    private bool RunInFreshPipeline(Scope scope, CallerBlocks blocks)
    {
        bool isOurs = true;
        NestedPipeline? nested = null;
        using (nested = new NestedPipeline(scope, worker =>
        {
            if (!nested!.IsStoppedAtStart)
            {
                if (EngineInternals.IsBeingStopped(_outer))
                {
                    blocks.Guard.Refuse();
                }

                isOurs = RunBlocks(scope, blocks, worker, nested);
            }
        }))
        {
            scope.EnterExit(nested);
            if (!TryInvoke(nested))
            {
                // The session is closing. If it was closing before the body began, run in the caller's pipeline, as the body did.
                // If it has begun to close since then, that stops the caller's pipeline, in which no block would run to its end.
                isOurs = _isSessionClosing ? RunBlocks(scope, blocks, _outer, null) : RunElsewhere(scope);
            }
        }

        ForgiveStopOf(nested);

        return isOurs;
    }

    /// <returns>False: the runspace takes no more pipelines.</returns>
    private static bool TryInvoke(NestedPipeline nested)
    {
        try
        {
            nested.Invoke();
            return true;
        }
        catch (InvalidRunspaceStateException)
        {
            return false;
        }
    }

    /// <summary>Writes the errors of exit blocks that failed. Throws only with -ErrorAction Stop, for the first one.</summary>
    /// <param name="hasWorse">Whether an error or exit of the body follows, which these must not replace.</param>
    private void WriteFailures(bool hasWorse)
    {
        bool isTerminating = IsErrorTerminating();
        if (isTerminating && !hasWorse)
        {
            // This must be the cmdlet's last action: see Conclude.
            return;
        }

        foreach (BlockFailure failure in _scope!.Observer.TakeFailures())
        {
            if (isTerminating || !TryWriteError(failure.ToErrorRecord()))
            {
                // -ErrorAction Stop would turn the first of these into the error that ends the caller, and hide the body's own.
                _scope.Caller.ReportError(failure.Message);
            }
        }
    }

    /// <returns>False: the caller is being stopped and takes no more errors.</returns>
    private bool TryWriteError(ErrorRecord error)
    {
        try
        {
            _outer.WriteError(error);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private bool IsErrorTerminating()
    {
        object? preference = _outer.MyInvocation.BoundParameters.TryGetValue("ErrorAction", out object? bound)
            ? bound
            : _outer.SessionState.PSVariable.GetValue("ErrorActionPreference");
        return TryGetPreference(preference, out ActionPreference action) && action == ActionPreference.Stop;
    }

    /// <remarks>Mostly it is one. The engine's conversion is not compiled ahead of time.</remarks>
    private static bool TryGetPreference(object? value, out ActionPreference preference)
    {
        if (value is ActionPreference given)
        {
            preference = given;
            return true;
        }

        return LanguagePrimitives.TryConvertTo(value, out preference);
    }

    /// <summary>
    /// Called before the scope ends and releases the older handlers. On SIGINT pwsh's own handler then stops the caller, and the
    /// status must be set by then.
    /// </summary>
    private void EndProcessIfAsked(Scope scope)
    {
        if (EndingSignal(scope) is not { } signal || _options.AfterSignal is AfterSignal.Continue or AfterSignal.Stop)
        {
            return;
        }

        _endsProcess = true;
        int status = _options.SignalExitCode ?? signal.ExitCode;
        ExitRequest request = new(ExitReason.Exit, null, status);
        for (Scope? outer = scope.Parent; outer is not null; outer = outer.Parent)
        {
            outer.EndsProcess = true;
            _ = outer.Apply(ScopeEventKind.Requested, request, flag: true);
        }

        _runtime.Handlers?.Signalled.Note(new ExitRequest(ExitReason.Signal, signal, status));
        if (_options.AfterSignal == AfterSignal.Raise)
        {
            _runtime.End.RaiseAtEnd(signal);
        }

        if (scope.Runspace.Id == ShellKind.MainRunspaceId && !signal.IsConsoleBreak && _runtime.Signals.MayShellEnd)
        {
            _runtime.Signals.Acquire(Signal.ConsoleBreaks);
            _runtime.End.EndShell(scope.Caller.Host, status);
            return;
        }

        // The host of a background runspace has no session to end. And on Ctrl+C pwsh's own handler also runs: it would
        // close a session that is about to end while its last pipelines run, and crash. Nobody may set another status from
        // here on, so the end of the process begins now, and waits for this script's finally blocks.
        _runtime.End.BeginAfterScript(status, scope.Runspace, EndTime + _options.StopTimeout);
    }

    private void Conclude(Scope scope)
    {
        BlockFailure[] failures = scope.Observer.TakeFailures();
        if (failures.Length > 0)
        {
            _outer.WriteError(failures[0].ToErrorRecord());
        }

        _outer.InvokeCommand.HasErrors = _bodyFailed;
        ScopeState state = scope.State;
        Signal? endedBy = EndingSignal(scope);
        ConclusionKind conclusion = Conclusion.Decide(new ConclusionFacts
        {
            // The caller was stopped while the exit blocks ran: it must not begin another statement.
            WasStopHeld = scope.HasHeldStop && WaitOuterStopping(scope, _options.StopTimeout),
            MayOuterGoOn = scope.Parent is not { } parent || parent.State.MayGoOn || (scope.IsInUnwinding && parent.IsUnwinding()),
            EndsProcess = scope.EndsProcess,
            EndedBySignal = endedBy is not null,
            AfterSignal = _options.AfterSignal,
            WasBodyStopped = state.WasBodyStopped,
            IsWithinExitBlock = state.Request?.Reason is ExitReason.ProcessExit or ExitReason.Crash && _runtime.Registry.IsWithinExitBlock(scope),
            HasOutcome = _outcome.Exception is not null,
            HasRefusal = _blocks?.Guard.Refusal is not null,
            HasExit = scope.Observer.Exit is not null,
            IsCallerOver = _outer.Stopping || EngineInternals.GetFailure(_outer) is not null,
        });
        switch (conclusion)
        {
            case ConclusionKind.Stop:
                throw new PipelineStoppedException();
            case ConclusionKind.StopWithOuterBody:
                // A later stop would interrupt a finally block of that body.
                _ = scope.Parent!.Apply(ScopeEventKind.StopDemanded);
                _ = WaitOuterStopping(scope, EndTime + scope.Parent.Options.StopTimeout);
                throw new PipelineStoppedException();
            case ConclusionKind.StopAfterSignal:
                StopAfterSignal(scope, endedBy);
                break;
            case ConclusionKind.ThrowOutcome:
                if (_outcome.Exception!.SourceException is PipelineStoppedException)
                {
                    _ = scope.Parent?.Apply(ScopeEventKind.Requested, ExitRequest.Stopped);
                }

                _outcome.Exception.Throw();
                break;
            case ConclusionKind.ThrowRefusal:
                _blocks!.Guard.Refusal!.Throw();
                break;
            case ConclusionKind.ThrowExit:
                ExceptionDispatchInfo.Throw(scope.Observer.Exit!);
                break;
            default:
                break;
        }
    }

    /// <summary>Waits until a stop of the caller reaches this cmdlet. One of the body around it may have been lost before this scope began.</summary>
    private bool WaitOuterStopping(Scope scope, TimeSpan limit)
    {
        if (_outerStopping.Wait(LostStopWatch.LostAfter))
        {
            return true;
        }

        if (!scope.IsInUnwinding)
        {
            scope.Parent?.StopBodyAgainIfLost();
        }

        return _outerStopping.Wait(limit);
    }

    private void StopAfterSignal(Scope scope, Signal? endedBy)
    {
        if (endedBy is { IsConsoleBreak: true } && _runtime.Signals.HasOlderHandlers)
        {
            // The shell's own Ctrl+C handler is released now and stops the caller. Wait for that stop before leaving: later, it
            // would interrupt a finally block of the caller. Not every shell has such a handler.
            _ = _outerStopping.Wait(ShellHandlerTime);
        }

        _ = scope.Parent?.Apply(ScopeEventKind.Requested, ExitRequest.Stopped);
        throw new PipelineStoppedException();
    }

    /// <summary>The signal that has ended the scope; null if the body ended by itself in its grace period, with an error or exit.</summary>
    private Signal? EndingSignal(Scope scope) =>
        _outcome.Kind is BodyOutcomeKind.Stopped or BodyOutcomeKind.Completed || scope.Context.Reason == ExitReason.Signal
            ? scope.State.Request?.Signal
            : null;
}
