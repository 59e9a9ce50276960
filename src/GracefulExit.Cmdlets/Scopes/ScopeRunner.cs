using System.Management.Automation;
using System.Runtime.ExceptionServices;
using GracefulExit.Pipelines;
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
    private static readonly ScriptBlock BodyPipeline = ScriptBlock.Create("param($b, $a) . $b @a");
    private static readonly ScriptBlock ExitPipeline = ScriptBlock.Create("param($b, $c, $s, $g) . $b $c | & $s $g");

    private readonly PSCmdlet _outer;
    private readonly ScopeOptions _options;
    private readonly OutputGuard _guard = new();
    private readonly ManualResetEventSlim _outerStopping = new();
    private readonly List<ErrorRecord> _failures = [];
    private ExitScope? _scope;
    private BodyOutcome _outcome = BodyOutcome.NotBegun;
    private ExitException? _exitOfExitBlock;
    private bool _isWithinTry;
    private bool _bodyFailed;

    public ScopeRunner(PSCmdlet outer, ScopeOptions options)
    {
        _outer = outer;
        _options = options;
    }

    /// <summary>Runs the scope. Throws what ended the body, as the last thing, where the caller is to see it.</summary>
    /// <exception cref="AlreadyRegisteredException">Nothing was registered and nothing has run.</exception>
    public void Run()
    {
        SignalDispatcher.Process.Acquire(_options.Signals);
        ExitScope scope;
        try
        {
            scope = ScopeRegistry.Process.Begin(_options, System.Management.Automation.Runspaces.Runspace.DefaultRunspace);
        }
        catch (AlreadyRegisteredException)
        {
            SignalDispatcher.Process.Release(_options.Signals);
            throw;
        }

        _scope = scope;
        CallerVariable underscore = new(_outer.SessionState.PSVariable, "_");
        try
        {
            _isWithinTry = EngineFlags.IsWithinTry(_outer);
            underscore.Set(scope.Context);
            RunBodyAndExit(scope);
        }
        finally
        {
            ScopeRegistry.Process.End(scope);
            SignalDispatcher.Process.Release(_options.Signals);
            underscore.Restore();
            if (_options.ExitVariable is not null)
            {
                _outer.SessionState.PSVariable.Set(_options.ExitVariable, scope.Context);
            }
        }

        Conclude(scope);
    }

    /// <summary>The caller's pipeline is being stopped. Called by the stopping thread, once the nested pipelines have been told.</summary>
    public void OnStopProcessing()
    {
        _outerStopping.Set();

        // The body's pipeline may have begun after the stopper looked for nested ones.
        if (_scope is { } scope && scope.RequestExit(ExitRequest.Stopped))
        {
            ScopeRegistry.Process.Unwind([scope]);
        }
    }

    private void RunBodyAndExit(ExitScope scope)
    {
        ExitClaim claim = ExitClaim.Taken;
        using SteppablePipeline body = BodyPipeline.GetSteppablePipeline(CommandOrigin.Internal, [_options.Body, _options.Arguments]);
        List<SteppablePipeline> exits = MakeExitPipelines(scope);
        try
        {
            NestedPipeline? nested = null;
            using (nested = new NestedPipeline(scope, worker =>
            {
                if (scope.TryEnterBody(nested!))
                {
                    RunBody(body, worker);
                }

                claim = ClaimExit(scope);
                if (claim == ExitClaim.InBodyPipeline)
                {
                    RunExitBlocks(exits, worker);
                }
            }))
            {
                nested.Invoke();
            }

            if (claim == ExitClaim.Taken && _outcome.Kind == BodyOutcomeKind.Stopped && scope.State < ExitScopeState.Exiting)
            {
                // The pipeline was stopped before its command began, so nobody has claimed the exit yet.
                claim = ClaimExit(scope);
            }

            if (claim == ExitClaim.InFreshPipeline)
            {
                RunInFreshPipeline(scope, worker => RunExitBlocks(exits, worker));
            }
        }
        finally
        {
            exits.ForEach(exit => exit.Dispose());
        }
    }

    private void RunBody(SteppablePipeline body, PSCmdlet worker)
    {
        try
        {
            EngineFlags.SetWithinTry(worker, _isWithinTry);
            body.Begin(_outer);
            body.End();
            _outcome = BodyOutcome.Completed;
        }
        catch (Exception exception)
        {
            _outcome = BodyOutcome.FromException(exception);
        }

        _bodyFailed = worker.SessionState.PSVariable.GetValue("?") is false;
    }

    private ExitClaim ClaimExit(ExitScope scope)
    {
        ExitClaim claim = scope.ClaimExit(_outcome);
        Uninterruptible.ClearPending();
        if (_outcome.IsOutputRefused)
        {
            _guard.Refuse();
        }

        return claim;
    }

    /// <summary>
    /// Runs exit blocks in a nested pipeline of their own. If somebody stops the caller just as it starts, the stop can't be
    /// held back; then nothing has begun in it and another one is made, which that stopper does not know.
    /// </summary>
    private static void RunInFreshPipeline(ExitScope scope, Action<PSCmdlet> work)
    {
        bool hasRun = false;
        while (!hasRun)
        {
            NestedPipeline? nested = null;
            using (nested = new NestedPipeline(scope, worker =>
            {
                if (!nested!.IsStoppedAtStart)
                {
                    hasRun = true;
                    work(worker);
                }
            }))
            {
                scope.EnterExit(nested);
                nested.Invoke();
            }
        }
    }

    private List<SteppablePipeline> MakeExitPipelines(ExitScope scope)
    {
        List<SteppablePipeline> pipelines = new(_options.ExitBlocks.Length);
        foreach (ScriptBlock block in _options.ExitBlocks)
        {
            pipelines.Add(ExitPipeline.GetSteppablePipeline(
                CommandOrigin.Internal, [block, scope.Context, OutputGuardCommand.Info, _guard]));
        }

        return pipelines;
    }

    private void RunExitBlocks(List<SteppablePipeline> exits, PSCmdlet worker)
    {
        if (exits.Count == 0)
        {
            return;
        }

        CallerVariable lastExitCode = new(_outer.SessionState.PSVariable, "global:LASTEXITCODE");
        for (int i = 0; i < exits.Count; i++)
        {
            try
            {
                EngineFlags.SetWithinTry(worker, true);
                exits[i].Begin(_outer);
                exits[i].End();
            }
            catch (ExitException exit)
            {
                _exitOfExitBlock ??= exit;
            }
            catch (FlowControlException)
            {
                // A stray break or continue: as in a finally block, it may not leave an exit block. It has ended it.
            }
            catch (Exception exception)
            {
                ReportFailure(exception, i);
            }
        }

        lastExitCode.Restore();
    }

    private void ReportFailure(Exception exception, int index)
    {
        ErrorRecord cause = (exception as IContainsErrorRecord)?.ErrorRecord
            ?? new ErrorRecord(exception, exception.GetType().Name, ErrorCategory.NotSpecified, null);
        string reason = cause.InvocationInfo is { ScriptLineNumber: > 0 } at
            ? $"{cause} ({(string.IsNullOrEmpty(at.ScriptName) ? "line" : at.ScriptName + ":")}{at.ScriptLineNumber})"
            : cause.ToString();
        _failures.Add(new ErrorRecord(
            new RuntimeException(Messages.ExitBlockFailed(index + 1, _options.ExitBlocks.Length, reason), exception),
            "ExitBlockFailed",
            ErrorCategory.InvalidResult,
            _options.ExitBlocks[index]));
    }

    private void Conclude(ExitScope scope)
    {
        _failures.ForEach(failure => _outer.WriteError(failure));
        _outer.InvokeCommand.HasErrors = _bodyFailed;

        if (scope.Parent is { } parent && !parent.MayBodyContinue())
        {
            // The outer body gets no further statement. Its stop has to have reached us before we leave: coming later,
            // it would cut a finally block of that body in two.
            parent.StopBody();
            _outerStopping.Wait();
            throw new PipelineStoppedException();
        }

        if (scope.Request?.Reason != ExitReason.Signal || _outcome.Kind != BodyOutcomeKind.Stopped)
        {
            _outcome.Exception?.Throw();
        }

        _guard.Refusal?.Throw();
        if (_exitOfExitBlock is not null)
        {
            ExceptionDispatchInfo.Throw(_exitOfExitBlock);
        }
    }
}
