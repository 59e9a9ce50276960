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
/// does not touch them. Variables come by reference: the same objects.
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
            CapturedSession session = SessionCapture.Take(scope.Blocks, scope.Caller.SessionState, scope.Runspace, forOtherProcess: false);
            using Runspace runspace = session.CreateRunspace(scope.Caller.Host, scope.Context);
            scope.RescueRunspace = runspace;
            DetachedExitBlocks blocks = new(
                runspace, scope.Context, scope.Options.ExitBlocks.Length, scope.Options.ExitTimeout, scope.Caller.ReportError);
            for (int i = first; i < scope.Options.ExitBlocks.Length; i++)
            {
                scope.Timeline.Add("exit block", i + 1);
                scope.Guard?.BlockBegins(i);
                scope.BeginExitBlock();
                blocks.Run(i, SessionCapture.Unbind(scope.Options.ExitBlocks[i]));
                scope.Guard?.BlockEnded(i);
            }
        }
        catch (Exception exception)
        {
            scope.Caller.ReportError(Messages.RescueFailed(exception.Message));
        }
    }
}
