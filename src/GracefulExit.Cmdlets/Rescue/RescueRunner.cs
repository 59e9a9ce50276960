using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Scopes;

namespace GracefulExit.Rescue;

/// <summary>
/// Runs a scope's exit blocks in a runspace of their own, because the caller's can't be used: the body's thread is stuck
/// in it, or the runspace is closing (row C3).
/// </summary>
/// <remarks>
/// Threads: the calling thread, which runs the exit blocks itself; the rescue runspace is its own. Nothing is captured
/// before it is needed: variables and functions are read from the caller's session at this moment, in which its thread
/// does not touch them.
/// </remarks>
/// <param name="scope">The scope, whose exit blocks the caller has claimed.</param>
/// <param name="first">The first exit block that has not run.</param>
internal sealed class RescueRunner(ExitScope scope, int first = 0)
{
    /// <summary>Runs the exit blocks, in order. Errors go to the caller's host; nothing is thrown.</summary>
    public void Run()
    {
        try
        {
            SessionCapture capture = SessionCapture.Take(scope);
            using Runspace runspace = capture.CreateRunspace(scope.Caller.Host);
            scope.RescueRunspace = runspace;
            for (int i = first; i < scope.Options.ExitBlocks.Length; i++)
            {
                RunExitBlock(runspace, i);
            }
        }
        catch (Exception exception)
        {
            scope.Caller.ReportError(Messages.RescueFailed(exception.Message));
        }
    }

    private void RunExitBlock(Runspace runspace, int index)
    {
        using PowerShell powerShell = PowerShell.Create();
        powerShell.Runspace = runspace;
        powerShell.AddScript(". $args[0] $args[1]").AddArgument(SessionCapture.Unbind(scope.Options.ExitBlocks[index])).AddArgument(scope.Context);
        powerShell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        powerShell.AddCommand("Out-Default");
        using Timer? timeout = StartTimeout(powerShell, index);
        try
        {
            powerShell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            // Its time was up, which has been said.
        }
        catch (Exception exception)
        {
            scope.Caller.ReportError(Messages.ExitBlockFailed(index + 1, scope.Options.ExitBlocks.Length, exception.Message));
        }
    }

    private Timer? StartTimeout(PowerShell powerShell, int index)
    {
        TimeSpan limit = scope.Options.ExitTimeout;
        return limit == TimeSpan.Zero ? null : new Timer(
            _ =>
            {
                scope.Caller.ReportError(Messages.ExitBlockTimedOut(index + 1, scope.Options.ExitBlocks.Length, limit.TotalSeconds));
                powerShell.BeginStop(null, null);
            },
            null,
            limit,
            Timeout.InfiniteTimeSpan);
    }
}
