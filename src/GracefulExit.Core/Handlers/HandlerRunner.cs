using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;
using GracefulExit.ProcessEnd;
using GracefulExit.Rescue;
using GracefulExit.Supervision;

namespace GracefulExit.Handlers;

/// <summary>Runs handlers: in the session in which they were registered if that is free, otherwise in runspaces of their own.</summary>
/// <remarks>Threads: <see cref="RunInSession"/> on a thread that may use the session; the rest on any.</remarks>
internal sealed class HandlerRunner(HandlerRegistry registry, EndOfProcess end, Action<IReadOnlyList<Signal>> release)
{
    /// <summary>How long to wait for a handler beyond the time limits of its exit blocks.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>How long the exit blocks of scopes, which run first, may take.</summary>
    private static readonly TimeSpan ScopesTime = TimeSpan.FromSeconds(60);

    private readonly Latch _restHasRun = new();
    private SessionEnding? _last;
    private int _isRunningRest;

    /// <summary>Runs all handlers of a runspace, newest first, on the calling thread, in that runspace, and those that they register.</summary>
    /// <remarks>Once the process is exiting, its end runs the handlers that have not begun; see <see cref="WaitForRest"/>.</remarks>
    /// <returns>False: this thread has lost the run. Another one runs the rest and ends the process.</returns>
    public bool RunInSession(Runspace runspace, SessionEnding ending)
    {
        while (registry.Claim(runspace) is { } handler)
        {
            Begin(handler, ending);
            while (!handler.Blocks.IsDone)
            {
                // A stopped pipeline can't run anything more.
                if (!handler.Blocks.Run(new SessionPlace(handler)))
                {
                    return false;
                }
            }

            Finish(handler);
        }

        return true;
    }

    /// <summary>The process is exiting: runs the waiting handlers, newest first, and waits for the running ones. Takes bounded time, unless handlers keep registering others.</summary>
    /// <remarks>A thread that crashes while the process is exiting comes here too. The first runs them, the second waits for it.</remarks>
    public void RunRest(SessionEnding ending)
    {
        RegisteredHandler[] running = registry.TakeOver();
        if (end.IsAbandoned)
        {
            Abandon(running);
        }

        if (Interlocked.Exchange(ref _isRunningRest, 1) != 0)
        {
            WaitForRest();
            return;
        }

        Wait(running);
        while (registry.ClaimRest() is { } handler)
        {
            RunDetached(handler, ending);
        }

        _restHasRun.Set();
    }

    /// <summary>
    /// Keeps a session that ends while the process is exiting until the handlers have run, since they read its variables. On the
    /// closing thread, for a bounded time.
    /// </summary>
    public void WaitForRest()
    {
        if (registry.IsTakenOver)
        {
            _ = _restHasRun.Wait(registry.Snapshot().Aggregate(ScopesTime, static (sum, handler) => sum + handler.TimeToRun + Slack));
        }
    }

    /// <summary>The user has abandoned the handlers that run while the process is exiting. Any thread.</summary>
    public void GiveUpRunning() => Abandon(registry.Running());

    /// <summary>Runs all handlers of a runspace, newest first, in runspaces of their own, and waits for them.</summary>
    public void RunElsewhere(Runspace runspace, SessionEnding ending)
    {
        while (registry.Claim(runspace) is { } handler)
        {
            RunDetached(handler, ending);
        }
    }

    /// <summary>
    /// An exit block could not be stopped, and its thread is lost: runs the remaining blocks elsewhere, then ends the process (row
    /// F8). Returns at once.
    /// </summary>
    public void GiveUp(RegisteredHandler handler, string message) => Start(() =>
    {
        handler.Context.IsRescue = true;
        new ProcessHost().UI.WriteErrorLine(message);
        RunDetached(handler);
        end.Begin(_last?.Request.ExitCode ?? 1);
    });

    private void RunDetached(RegisteredHandler handler, SessionEnding ending)
    {
        Begin(handler, ending);
        Start(() => RunDetached(handler));
        Wait([handler]);
    }

    private void Begin(RegisteredHandler handler, SessionEnding ending)
    {
        _last = ending;
        handler.Begin(ending);
    }

    /// <summary>Gives up handlers that are running. The waiting ones run and do not wait for them.</summary>
    private void Abandon(RegisteredHandler[] running)
    {
        foreach (RegisteredHandler handler in running)
        {
            handler.Blocks.Abandon();
            Finish(handler);
        }
    }

    private void Finish(RegisteredHandler handler)
    {
        if (!registry.Remove(handler))
        {
            // It was given up, and its last block ended at that moment.
            return;
        }

        handler.Release();
        release(handler.Options.Signals);
    }

    private static void Wait(IEnumerable<RegisteredHandler> running)
    {
        foreach (RegisteredHandler handler in running)
        {
            _ = handler.WaitReleased(handler.TimeToRun + Slack);
        }
    }

    private void RunDetached(RegisteredHandler handler)
    {
        ProcessHost host = new();
        try
        {
            ExitBlock[] blocks = handler.Blocks.Waiting;
            Array.ForEach(blocks, static block => block.Position?.Relink());
            CapturedSession session = SessionCapture.Take(
                blocks, handler.Caller.SessionState, handler.Runspace, forOtherProcess: false);
            handler.Context.IsRescue = true;
            handler.Observer.UseProcessOutput();
            while (!handler.Blocks.IsDone)
            {
                // A runspace can't run anything more after a stop.
                host = new ProcessHost();
                using Runspace runspace = session.CreateRunspace(host, handler.Context);
                handler.RescueRunspace = runspace;
                if (!handler.Blocks.Run(new DetachedPlace(runspace, host, handler.Context)))
                {
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            host.UI.WriteErrorLine(Messages.RescueFailed(exception.Message));
        }

        Finish(handler);
    }

    private static void Start(Action work) => new Thread(() => work()) { IsBackground = true, Name = "GracefulExit.Handlers" }.Start();
}
