using GracefulExit.ProcessEnd;
using GracefulExit.Scopes;

namespace GracefulExit.Pipelines;

/// <summary>
/// Ends an exit block that runs longer than <c>-ExitTimeoutSeconds</c>: stop, interrupt, and if neither helps the end of the
/// process (row C8).
/// </summary>
/// <remarks>
/// Threads: made and disposed on the pipeline thread; the clock runs on a thread of its own. A stop that is decided just
/// as the block ends finds none running (<see cref="ExitScope.SetExitBlockRunning"/>), or stops a pipeline in which
/// nothing follows: the next block gets a fresh one, because <see cref="NestedPipeline.IsStopAllowed"/> is set first.
/// </remarks>
internal sealed class ExitBlockTimeout : IDisposable
{
    private readonly ExitScope _scope;
    private readonly NestedPipeline _nested;
    private readonly string _message;
    private readonly ManualResetEventSlim _over = new();
    private volatile bool _hasExpired;

    private ExitBlockTimeout(ExitScope scope, NestedPipeline nested, string message)
    {
        _scope = scope;
        _message = message;
        _nested = nested;
        scope.SetExitBlockRunning(true);
        new Thread(Watch) { IsBackground = true, Name = "GracefulExit.ExitBlockTimeout" }.Start();
    }

    public bool HasExpired => _hasExpired;

    /// <summary>Starts the clock, if the scope has one.</summary>
    public static ExitBlockTimeout? Start(ExitScope scope, NestedPipeline nested, string message) =>
        scope.Options.ExitTimeout > TimeSpan.Zero ? new ExitBlockTimeout(scope, nested, message) : null;

    public void Dispose()
    {
        _over.Set();
        _scope.SetExitBlockRunning(false);
        if (_hasExpired)
        {
            Uninterruptible.ClearPending();
        }
    }

    private void Watch()
    {
        if (_over.Wait(_scope.Options.ExitTimeout))
        {
            return;
        }

        _hasExpired = true;
        _scope.StopExitBlock(_nested);
        long start = Environment.TickCount64;
        while (!_over.Wait(StopLadder.InterruptAfter))
        {
            _scope.TryInterruptExitBlock();
            if (Environment.TickCount64 - start > _scope.Options.StopTimeout.TotalMilliseconds)
            {
                _scope.Caller.ReportError(_message);
                ProcessExit.Abandon(_scope.Context.ExitCode == 0 ? 1 : _scope.Context.ExitCode);
                return;
            }
        }
    }
}
