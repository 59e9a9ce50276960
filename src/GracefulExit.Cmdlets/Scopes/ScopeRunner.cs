using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using GracefulExit.Formatting;
using GracefulExit.Forwarding;
using GracefulExit.Pipelines;
using GracefulExit.ProcessEnd;
using GracefulExit.Rehearsal;
using GracefulExit.Signals;

namespace GracefulExit.Scopes;

/// <summary>
/// Runs one scope on the caller's thread: the body, then the exit blocks, then what the caller is to see of it.
/// </summary>
/// <remarks>
/// <para>Threads: the pipeline thread, but for <see cref="OnStopProcessing"/>, which the stopping thread calls.</para>
/// <para>
/// Body and exit blocks run in a pipeline nested in the caller's, so that a signal stops the body alone. Their own
/// pipelines are made while the outer cmdlet is the running command and are linked to its pipes: redirections of the call
/// hold for them, objects go straight to the caller's next command, and no stream is copied.
/// </para>
/// </remarks>
internal sealed class ScopeRunner
{
    private static readonly TimeSpan ShellHandlerTime = TimeSpan.FromMilliseconds(500);

    private readonly PSCmdlet _outer;
    private readonly ScopeOptions _options;
    private readonly SignalDispatcher _dispatcher;
    private readonly ManualResetEventSlim _outerStopping = new();
    private ExitScope? _scope;
    private BodyOutcome _outcome = BodyOutcome.NotBegun;
    private bool _isWithinTry;
    private bool _bodyFailed;

    public ScopeRunner(PSCmdlet outer, ScopeOptions options, SignalDispatcher dispatcher)
    {
        _outer = outer;
        _options = options;
        _dispatcher = dispatcher;
    }

    /// <summary>Runs the scope. Throws what ended the body, as the last thing, where the caller is to see it.</summary>
    /// <exception cref="AlreadyRegisteredException">Nothing was registered and nothing has run.</exception>
    /// <exception cref="Guard.GuardFailedException">There is no guard; nothing has run.</exception>
    public void Run()
    {
        ExitScope scope = Register();
        List<CallerVariable> underscores = [];
        ExitBlocks? exits = null;
        try
        {
            underscores = FindUnderscores();
            _isWithinTry = EngineFlags.IsWithinTry(_outer);
            underscores.ForEach(underscore => underscore.Set(scope.Context));
            exits = new ExitBlocks(_outer, scope);
            if (scope.Guard is { } guard)
            {
                guard.Begin(_outer, scope.Blocks, scope.Runspace, scope.Timeline.IsWanted);
                if (guard.ProcessId is > 0 and int process)
                {
                    scope.Timeline.Add("guarded by process", process);
                }
            }

            scope.Forwarder = _options.ForwardSignal ? new SignalForwarder(_outer.SessionState.PSVariable) : null;
            RunBodyAndExit(scope, exits);
            exits.WriteFailures(hasWorse: _outcome.Kind is BodyOutcomeKind.Error or BodyOutcomeKind.Exit);
            EndProcessIfAsked(scope);
        }
        finally
        {
            scope.LeaveBody();
            _dispatcher.Registry.End(scope);
            _dispatcher.Release(_options.Signals);
            exits?.Dispose();
            underscores.ForEach(underscore => underscore.Restore());
            scope.Timeline.Add("end:", scope.Context);
            if (exits is { Guard.IsRefused: false })
            {
                scope.Timeline.Flush();
            }

            if (_options.ExitVariable is not null)
            {
                _outer.SessionState.PSVariable.Set(_options.ExitVariable, ExitContextView.Attach(scope.Context));
            }
        }

        Conclude(scope, exits);
    }

    /// <summary>The caller's pipeline is being stopped. Called by the stopping thread, once the nested pipelines have been told.</summary>
    public void OnStopProcessing()
    {
        _outerStopping.Set();

        // The body's pipeline may have begun after the stopper looked for nested ones.
        if (_scope is { } scope && scope.RequestExit(ExitRequest.Stopped))
        {
            _dispatcher.Registry.Unwind([scope]);
        }
    }

    private ExitScope Register()
    {
        ProcessExit.Watch();
        _dispatcher.Acquire(_options.Signals);
        try
        {
            CallerSession caller = new(_outer.SessionState, _outer.Host);
            Timeline timeline = new(WantsTimeline() ? _outer : null);
            _scope = _dispatcher.Registry.Begin(_options, caller, Runspace.DefaultRunspace, timeline);
            timeline.Add("registered for", string.Join(", ", _options.Signals.Select(signal => signal.Name)));
            timeline.Flush();
            return _scope;
        }
        catch (Exception)
        {
            // Another scope is active, or the process is exiting, or the thread was interrupted: nothing is half registered.
            _dispatcher.Release(_options.Signals);
            throw;
        }
    }

    /// <summary>
    /// Where the blocks look for <c>$_</c>: in the caller's scope, and if a block belongs to another session, such as a
    /// module's function or, within a module, its caller's block, in that session.
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
        return wanted is SwitchParameter { IsPresent: true } or true
            || (LanguagePrimitives.TryConvertTo(wanted, out ActionPreference preference)
                && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore));
    }

    private void RunBodyAndExit(ExitScope scope, ExitBlocks exits)
    {
        ExitClaim? claim = null;
        using SteppablePipeline body = UserPipelines.ForBody(_options);
        NestedPipeline? nested = null;
        using (nested = new NestedPipeline(scope, worker =>
        {
            if (scope.TryEnterBody(nested!))
            {
                IDisposable? rehearsal = StopRehearsal.Schedule();
                RunBody(body, worker);
                Uninterruptible.Run(() =>
                {
                    rehearsal?.Dispose();
                    return true;
                });
            }

            claim = ClaimExit(scope, exits);
            if (claim == ExitClaim.InBodyPipeline)
            {
                exits.Run(worker, nested!);
            }
        }))
        {
            TryInvoke(nested);
        }

        // Null: the pipeline was stopped before its command began.
        claim ??= ClaimExit(scope, exits);
        if (claim == ExitClaim.Taken)
        {
            Uninterruptible.Run(() =>
            {
                scope.WaitCompleted();
                return true;
            });
            return;
        }

        while (!exits.IsDone)
        {
            RunInFreshPipeline(scope, exits);
        }
    }

    private void RunBody(SteppablePipeline body, PSCmdlet worker)
    {
        try
        {
            EngineFlags.SetWithinTry(worker, _isWithinTry);
            body.Begin(_outer);
            body.Process();
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
            _dispatcher.CountInterruptKey(_scope!);
        }
    }

    /// <summary>
    /// Whether the body ended by a Ctrl+C that was read as a key, while Read-Host or another prompt of the host waited (row
    /// C15): the host then throws what a stop throws, but nobody has stopped anything, and there is a terminal.
    /// </summary>
    private bool IsInterruptKey() =>
        _outcome is { Kind: BodyOutcomeKind.Stopped, Exception.SourceException: PipelineStoppedException }
        && _scope!.Request is null
        && !_outerStopping.IsSet
        && _options.Signals.Contains(Signal.Interrupt)
        && !Console.IsInputRedirected;

    private ExitClaim ClaimExit(ExitScope scope, ExitBlocks exits)
    {
        ExitClaim claim = scope.ClaimExit(_outcome);
        Uninterruptible.ClearPending();
        scope.Forwarder?.Remove();
        scope.Timeline.Add("body ended:", _outcome.Kind);
        if (scope.WasBodyStopped)
        {
            EngineFlags.ForgiveStop(_outer);
        }

        if (_outcome.IsOutputRefused || scope.Request?.Reason == ExitReason.Stopped)
        {
            exits.Guard.Refuse();
        }

        return claim;
    }

    /// <summary>
    /// Runs exit blocks in a nested pipeline of their own. If somebody stops the caller just as it starts, the stop can't be
    /// held back; then nothing has begun in it, and the next one made is none that the stopper knows. A stop that began before
    /// does not know this pipeline either, and is not held back: it takes the caller's output, not the exit blocks.
    /// </summary>
    private void RunInFreshPipeline(ExitScope scope, ExitBlocks exits)
    {
        NestedPipeline? nested = null;
        using (nested = new NestedPipeline(scope, worker =>
        {
            if (!nested!.IsStoppedAtStart)
            {
                if (EngineFlags.IsBeingStopped(_outer))
                {
                    exits.Guard.Refuse();
                }

                exits.Run(worker, nested);
            }
        }))
        {
            scope.EnterExit(nested);
            if (!TryInvoke(nested))
            {
                exits.RunElsewhere();
            }
        }
    }

    /// <returns>False: the runspace takes no pipelines any more, it is closing.</returns>
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

    /// <summary>
    /// Before the scope ends, and with it the hold on the older handlers: pwsh's own, let go on SIGINT, stops the caller, and
    /// the status must be set by then.
    /// </summary>
    private void EndProcessIfAsked(ExitScope scope)
    {
        if (EndingSignal(scope) is not { } signal || _options.AfterSignal is AfterSignal.Continue or AfterSignal.Stop)
        {
            return;
        }

        ExitRequest request = new(ExitReason.Exit, null, signal.ExitCode);
        for (ExitScope? outer = scope.Parent; outer is not null; outer = outer.Parent)
        {
            outer.EndsProcess = true;
            outer.RequestExit(request);
        }

        ProcessExit.RequestFromShell(scope, signal, raise: _options.AfterSignal == AfterSignal.Raise);
    }

    private void Conclude(ExitScope scope, ExitBlocks? exits)
    {
        exits?.ThrowFailures();
        _outer.InvokeCommand.HasErrors = _bodyFailed;
        if (scope.HasHeldStop && _outerStopping.Wait(_options.StopTimeout))
        {
            // Somebody has stopped the caller while the exit blocks ran: it gets no further statement.
            throw new PipelineStoppedException();
        }

        if (scope.Parent is { } parent && !parent.MayGoOn())
        {
            // The outer body gets no further statement. Its stop has to have reached us before we leave: coming later,
            // it would cut a finally block of that body in two.
            parent.StopBody();
            _outerStopping.Wait();
            throw new PipelineStoppedException();
        }

        Signal? endedBy = EndingSignal(scope);
        if (scope.EndsProcess || (endedBy is not null && _options.AfterSignal != AfterSignal.Continue))
        {
            if (endedBy is { IsConsoleBreak: true })
            {
                // The shell's own Ctrl+C handler, let go now, stops the caller. That has to have reached us before we leave:
                // coming later, it would cut a finally block of the caller in two. Not every shell has such a handler.
                _outerStopping.Wait(ShellHandlerTime);
            }

            scope.Parent?.RequestExit(ExitRequest.Stopped);
            throw new PipelineStoppedException();
        }

        // The stop by which a signal ended the body stays within; whatever else ended it is the caller's to see.
        if (!scope.WasBodyStopped || (endedBy is null && !IsEndedWithinExitBlock(scope)))
        {
            if (_outcome.Exception?.SourceException is PipelineStoppedException)
            {
                scope.Parent?.RequestExit(ExitRequest.Stopped);
            }

            _outcome.Exception?.Throw();
        }

        exits?.Guard.Refusal?.Throw();
        if (exits?.Exit is { } exit)
        {
            ExceptionDispatchInfo.Throw(exit);
        }

        if (_outer.Stopping || EngineFlags.GetFailure(_outer) is not null)
        {
            // The caller's pipeline is over, whatever ended the body: it is being stopped, or its consumer has enough, and
            // to return as if nothing were would end the whole script without a word.
            throw new PipelineStoppedException();
        }
    }

    /// <summary>
    /// Whether the end of the process has ended a scope that an exit block had begun: the stop ends the scope, not the exit
    /// block around it, for which the process waits (row C4).
    /// </summary>
    private static bool IsEndedWithinExitBlock(ExitScope scope) =>
        scope is { Request.Reason: ExitReason.ProcessExit or ExitReason.Crash, Parent.State: ExitScopeState.Exiting };

    /// <summary>The signal that has ended the scope, unless the body, in its grace period, ended in a way of its own.</summary>
    private Signal? EndingSignal(ExitScope scope) =>
        _outcome.Kind is BodyOutcomeKind.Stopped or BodyOutcomeKind.Completed || scope.Context.Reason == ExitReason.Signal
            ? scope.Request?.Signal
            : null;
}
