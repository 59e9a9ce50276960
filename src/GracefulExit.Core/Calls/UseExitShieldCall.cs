using System.Management.Automation;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Scopes;
using GracefulExit.Supervision;

namespace GracefulExit.Calls;

/// <summary>One call of <c>Use-ExitShield</c>.</summary>
/// <remarks>Threads: the pipeline thread; the stopping thread calls <see cref="Stop"/>.</remarks>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class UseExitShieldCall(PSCmdlet cmdlet)
{
    private readonly Latch _stopping = new();

    /// <summary>Runs a block that no stop cuts.</summary>
    /// <param name="block">The block, which runs in the caller's scope.</param>
    /// <param name="timeout">How long a stop is held back at most.</param>
    public void Run(ScriptBlock block, TimeSpan timeout)
    {
        Scope? scope = CurrentScope.Find(ExitRuntime.Current) is { State.IsClaimed: false } found ? found : null;
        using SteppablePipeline pipeline = UserPipelines.ForBody(block, []);
        bool isUnwinding = false;
        if (scope?.TryBeginShield(timeout, out isUnwinding) == false)
        {
            throw new PipelineStoppedException();
        }

        if (isUnwinding)
        {
            scope = null;
        }

        try
        {
            pipeline.Begin(cmdlet);
            pipeline.Process();
            pipeline.End();
        }
        finally
        {
            _ = scope?.Apply(ScopeEventKind.ShieldEnded);
        }

        if (scope is not null && !scope.State.MayGoOn)
        {
            // The stop that was held back is on its way: the body gets no further statement.
            _ = _stopping.Wait(scope.Options.StopTimeout);
        }
    }

    /// <summary>The caller is being stopped.</summary>
    public void Stop() => _stopping.Set();
}
