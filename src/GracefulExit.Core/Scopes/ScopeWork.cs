using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Forwarding;
using GracefulExit.Rescue;

namespace GracefulExit.Scopes;

/// <summary>Work for a scope that takes time, and so gets a thread of its own.</summary>
/// <remarks>Threads: each method starts one and returns.</remarks>
internal static class ScopeWork
{
    /// <summary>Sends the scope's signal to the body's children and waits for them, for a bounded time.</summary>
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
    /// An exit block could not be stopped, and its thread is lost: runs the remaining blocks elsewhere, then ends the process (row C8).
    /// </summary>
    public static void StartAfterGivenUp(ExitRuntime runtime, Scope scope, string message) => Start("GracefulExit.Rescue", () =>
    {
        scope.Context.IsRescue = true;
        new ProcessHost().UI.WriteErrorLine(message);
        if (RunDetached(scope))
        {
            // Neither this scope's caller nor one around it may begin another statement.
            for (Scope? around = scope; around is not null; around = around.Parent)
            {
                around.EndsProcess = true;
            }

            runtime.End.Begin(scope.Context.ExitCode == 0 ? 1 : scope.Context.ExitCode);
            scope.Guard?.Release();
            _ = scope.Apply(ScopeEventKind.BlocksDone);
        }
    });

    /// <summary>Runs the remaining exit blocks in runspaces of their own, on the calling thread.</summary>
    /// <returns>False: this thread has lost the run.</returns>
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
                scope.Blocks.Waiting, scope.Caller.SessionState, scope.Runspace, forOtherProcess: false);
            while (!scope.Blocks.IsDone)
            {
                // A runspace can't run anything more after a stop.
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
            // They could not run anywhere else either.
            host.UI.WriteErrorLine(Messages.RescueFailed(exception.Message));
            scope.Blocks.Abandon();
        }

        return true;
    }

    private static void Start(string name, Action work) => new Thread(() => work()) { IsBackground = true, Name = name }.Start();
}
