using System.Management.Automation;
using GracefulExit.ProcessEnd;
using GracefulExit.Rescue;
using GracefulExit.Scopes;

namespace GracefulExit.Pipelines;

/// <summary>
/// A scope's exit blocks on the caller's thread: each runs once, in order, whatever the one before did.
/// </summary>
/// <remarks>
/// Threads: the pipeline thread, but for the time-out's (see <see cref="ExitBlockTimeout"/>). Made while the outer cmdlet
/// is the running command, so that the call's redirections hold for the exit blocks too.
/// </remarks>
internal sealed class ExitBlocks : IDisposable
{
    private readonly PSCmdlet _outer;
    private readonly ExitScope _scope;
    private readonly SteppablePipeline[] _pipelines;
    private readonly List<ErrorRecord> _failures = [];
    private int _next;

    public ExitBlocks(PSCmdlet outer, ExitScope scope)
    {
        _outer = outer;
        _scope = scope;
        Guard = new OutputGuard(scope.Caller);
        _pipelines = [.. scope.Options.ExitBlocks.Select(block => UserPipelines.ForExitBlock(outer, block, scope.Context, Guard))];
        IsDone = _pipelines.Length == 0;
    }

    public OutputGuard Guard { get; }

    /// <summary>Gets the <c>exit</c> of an exit block, to be thrown again in the caller.</summary>
    public ExitException? Exit { get; private set; }

    /// <summary>Gets a value indicating whether nothing is left to run.</summary>
    public bool IsDone { get; private set; }

    /// <summary>
    /// Runs the exit blocks that have not run. Returns early, with some left, if one had to be stopped: its pipeline runs no more.
    /// </summary>
    /// <param name="worker">The running command of the pipeline.</param>
    /// <param name="pipeline">The nested pipeline in which this runs.</param>
    public void Run(PSCmdlet worker, NestedPipeline pipeline)
    {
        CallerVariable lastExitCode = new(_outer.SessionState.PSVariable, "global:LASTEXITCODE");
        while (_next < _pipelines.Length && !pipeline.IsStopAllowed)
        {
            RunNext(worker, pipeline);
        }

        lastExitCode.Restore();
        IsDone = _next == _pipelines.Length;
    }

    /// <summary>The runspace takes no pipeline any more: runs what is left in one of its own.</summary>
    public void RunElsewhere()
    {
        _scope.Context.IsRescue = true;
        new RescueRunner(_scope, _next).Run();
        _next = _pipelines.Length;
        IsDone = true;
    }

    /// <summary>Writes the errors of exit blocks that failed. Does not throw.</summary>
    /// <param name="hasWorse">Whether an error or exit of the body follows, which these must not replace.</param>
    public void WriteFailures(bool hasWorse)
    {
        if (_failures.Count > 0 && IsErrorTerminating())
        {
            if (hasWorse)
            {
                // -ErrorAction Stop would make of the first the error that ends the caller, and the body's own would be lost.
                _failures.ForEach(Report);
                _failures.Clear();
            }

            return;
        }

        foreach (ErrorRecord failure in _failures)
        {
            try
            {
                _outer.WriteError(failure);
            }
            catch (Exception)
            {
                // The caller is being stopped and takes no more errors.
                Report(failure);
            }
        }

        _failures.Clear();
    }

    /// <summary>Throws, with -ErrorAction Stop, what <see cref="WriteFailures"/> has left: the last thing that the cmdlet does.</summary>
    public void ThrowFailures() => _failures.ForEach(_outer.WriteError);

    private void Report(ErrorRecord failure) => _scope.Caller.ReportError(failure.ToString());

    public void Dispose() => Array.ForEach(_pipelines, pipeline => pipeline.Dispose());

    private bool IsErrorTerminating()
    {
        object? preference = _outer.MyInvocation.BoundParameters.TryGetValue("ErrorAction", out object? bound)
            ? bound
            : _outer.SessionState.PSVariable.GetValue("ErrorActionPreference");
        return LanguagePrimitives.TryConvertTo(preference, out ActionPreference action) && action == ActionPreference.Stop;
    }

    private void RunNext(PSCmdlet worker, NestedPipeline nested)
    {
        int index = _next++;
        _scope.Timeline.Add("exit block", index + 1);
        if (!Guard.IsRefused)
        {
            _scope.Timeline.Flush();
        }

        _scope.Guard?.BlockBegins(index);
        _scope.BeginExitBlock();
        using ExitBlockTimeout? timeout = ExitBlockTimeout.Start(_scope, nested, TimeoutMessage(index));
        try
        {
            // Even if the caller is within a try: a failed statement is an error printed, and the clean-up after it still runs.
            EngineFlags.SetWithinTry(worker, false);
            if (Guard.IsRefused)
            {
                using SteppablePipeline unheard = UserPipelines.ForUnheardExitBlock(
                    _scope.Options.ExitBlocks[index], _scope.Context, Guard);
                Run(unheard, worker);
            }
            else
            {
                Run(_pipelines[index], _outer);
            }
        }
        catch (Exception) when (timeout?.HasExpired == true)
        {
            AddFailure(
                new TimeoutException(TimeoutMessage(index)),
                "ExitBlockTimedOut",
                ErrorCategory.OperationTimeout,
                index);
        }
        catch (PipelineStoppedException) when (ProcessExit.HasBegun)
        {
            // Given up with the process; there is nothing wrong with the exit block.
        }
        catch (ExitException exit)
        {
            Exit ??= exit;
        }
        catch (FlowControlException)
        {
            // A stray break or continue: as in a finally block, it may not leave an exit block. It has ended it.
        }
        catch (Exception exception)
        {
            string message = Messages.ExitBlockFailed(index + 1, _pipelines.Length, Describe(exception));
            AddFailure(new RuntimeException(message, exception), "ExitBlockFailed", ErrorCategory.InvalidResult, index);
        }
        finally
        {
            _scope.Guard?.BlockEnded(index);
        }
    }

    private string TimeoutMessage(int index) =>
        _scope.Options.ExitTimeout == TimeSpan.Zero
            ? string.Empty
            : Messages.ExitBlockTimedOut(index + 1, _pipelines.Length, _scope.Options.ExitTimeout.TotalSeconds);

    private static void Run(SteppablePipeline pipeline, PSCmdlet linkedTo)
    {
        pipeline.Begin(linkedTo);
        pipeline.Process();
        pipeline.End();
    }

    private void AddFailure(Exception exception, string errorId, ErrorCategory category, int index) =>
        _failures.Add(new ErrorRecord(exception, errorId, category, _scope.Options.ExitBlocks[index]));

    private static string Describe(Exception exception)
    {
        ErrorRecord? record = (exception as IContainsErrorRecord)?.ErrorRecord;
        return record?.InvocationInfo is { ScriptLineNumber: > 0 } at
            ? $"{record} ({(string.IsNullOrEmpty(at.ScriptName) ? "line " : at.ScriptName + ":")}{at.ScriptLineNumber})"
            : record?.ToString() ?? exception.Message;
    }
}
