using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Forwarding;
using GracefulExit.Rescue;

namespace GracefulExit.Scopes;

/// <summary>What is done for a scope on threads of its own, because it takes time.</summary>
/// <remarks>Threads: each method starts one and returns.</remarks>
internal static class ScopeWork
{
    /// <summary>Sends the scope's signal to the body's children and waits for them, a bounded time.</summary>
    public static void Forward(Scope scope)
    {
        if (scope.Forwarder is not { HasChildren: true } forwarder || scope.State.Request is not { Signal: { } signal } request)
        {
            _ = scope.Apply(ScopeEventKind.Forwarded);
            return;
        }

        Start("GracefulExit.Forward", () =>
        {
            int children = forwarder.Forward(
                signal, request.IsDelivered, scope.PipelineThread, scope.Limits.Forward, scope.Options.StopTimeout, () => scope.State.IsBodyLeft || scope.State.IsProcessExiting);
            scope.Timeline.Add("forwarded, child processes:", children);
            _ = scope.Apply(ScopeEventKind.Forwarded, flag: true);
        });
    }

    /// <summary>
    /// Runs the exit blocks in a runspace of their own, because the caller's can't be used: the body's thread is stuck in it
    /// (row C3).
    /// </summary>
    public static void StartRescue(Scope scope) => Start("GracefulExit.Rescue", () =>
    {
        if (RunDetached(scope))
        {
            scope.Guard?.Release();
            _ = scope.Apply(ScopeEventKind.BlocksDone);
        }
    });

    /// <summary>
    /// An exit block could not be stopped and its thread is lost: runs what is left elsewhere, and then ends the process (row C8).
    /// </summary>
    public static void StartAfterGivenUp(ExitRuntime runtime, Scope scope, string message) => Start("GracefulExit.Rescue", () =>
    {
        scope.Context.IsRescue = true;
        new ProcessHost().UI.WriteErrorLine(message);
        if (RunDetached(scope))
        {
            // No further statement of the caller: neither of this one nor of those around it.
            for (Scope? around = scope; around is not null; around = around.Parent)
            {
                around.EndsProcess = true;
            }

            runtime.End.Begin(scope.Context.ExitCode == 0 ? 1 : scope.Context.ExitCode);
            scope.Guard?.Release();
            _ = scope.Apply(ScopeEventKind.BlocksDone);
        }
    });

    /// <summary>Runs what is left of the exit blocks in runspaces of their own, on the calling thread.</summary>
    /// <returns>False: the run was taken from this thread.</returns>
    public static bool RunDetached(Scope scope)
    {
        ProcessHost host = new();
        if (scope.Blocks.IsDone)
        {
            return true;
        }

        try
        {
            CapturedSession session = SessionCapture.Take(
                [.. scope.Blocks.Waiting.Select(static block => block.Placed)], scope.Caller.SessionState, scope.Runspace, forOtherProcess: false);
            while (!scope.Blocks.IsDone)
            {
                // After a stop nothing more can be run in a runspace.
                host = new ProcessHost();
                using Runspace runspace = session.CreateRunspace(host, scope.Context);
                scope.RescueRunspace = runspace;
                scope.Observer.UseProcessOutput();
                if (!scope.Blocks.Run(new DetachedPlace(runspace, host, scope.Context)))
                {
                    return false;
                }
            }
        }
        catch (Exception exception)
        {
            // Nowhere else could they run either.
            host.UI.WriteErrorLine(Messages.RescueFailed(exception.Message));
            scope.Blocks.Abandon();
        }

        return true;
    }

    private static void Start(string name, Action work) => new Thread(() => work()) { IsBackground = true, Name = name }.Start();
}
