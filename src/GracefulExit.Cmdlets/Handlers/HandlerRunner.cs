using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;
using GracefulExit.ProcessEnd;
using GracefulExit.Rescue;
using GracefulExit.Supervision;

namespace GracefulExit.Handlers;

/// <summary>Runs handlers: in the session in which they were registered where that is free, else in runspaces of their own.</summary>
/// <remarks>Threads: <see cref="RunInSession"/> on one that may use the session; the rest on any.</remarks>
internal sealed class HandlerRunner(HandlerRegistry registry, EndOfProcess end, Action<IReadOnlyList<Signal>> release)
{
    /// <summary>How long to wait for a handler beyond the time limits of its exit blocks.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>How long the exit blocks of scopes may take, which run first.</summary>
    private static readonly TimeSpan ScopesTime = TimeSpan.FromSeconds(60);

    private readonly Latch _restHasRun = new();
    private SessionEnding? _last;
    private int _isRunningRest;

    /// <summary>Runs all handlers of a runspace, newest first, on the calling thread, in that runspace. Those that they register run too.</summary>
    /// <remarks>Once the process is exiting, its end runs what has not begun; see <see cref="WaitForRest"/>.</remarks>
    /// <returns>False: this thread has lost the run; whoever has it sees to the rest, and to the end of the process.</returns>
    public bool RunInSession(Runspace runspace, SessionEnding ending)
    {
        while (registry.Claim(runspace) is { } handler)
        {
            Begin(handler, ending);
            while (!handler.Blocks.IsDone)
            {
                // After a stop nothing more can be run by the same pipeline.
                if (!handler.Blocks.Run(new SessionPlace(handler)))
                {
                    return false;
                }
            }

            Finish(handler);
        }

        return true;
    }

    /// <summary>The process is exiting: runs what is left, newest first, and waits for what runs. In bounded time, unless handlers keep registering others.</summary>
    /// <remarks>A thread that crashes while the process is exiting comes here too. The first runs them, the second waits for it.</remarks>
    public void RunRest(SessionEnding ending)
    {
        RegisteredHandler[] running = registry.TakeOver();
        if (end.IsAbandoned)
        {
            // What runs is given up; what has not begun runs and does not wait for what was given up.
            foreach (RegisteredHandler handler in running)
            {
                handler.Blocks.Abandon();
                Finish(handler);
            }
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
    /// A session that ends while the process is exiting has to stay until the end of the process has run the handlers, which
    /// read its variables. On the closing thread; a bounded time.
    /// </summary>
    public void WaitForRest()
    {
        if (registry.IsTakenOver)
        {
            _ = _restHasRun.Wait(registry.Snapshot().Aggregate(ScopesTime, static (sum, handler) => sum + handler.TimeToRun + Slack));
        }
    }

    /// <summary>Runs all handlers of a runspace, newest first, in runspaces of their own, and waits for them.</summary>
    public void RunElsewhere(Runspace runspace, SessionEnding ending)
    {
        while (registry.Claim(runspace) is { } handler)
        {
            RunDetached(handler, ending);
        }
    }

    /// <summary>
    /// An exit block could not be stopped and its thread is lost: runs what is left elsewhere, and then ends the process (row
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

    private void Finish(RegisteredHandler handler)
    {
        registry.Remove(handler);
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
                [.. blocks.Select(static block => block.Placed)], handler.Caller.SessionState, handler.Runspace, forOtherProcess: false);
            handler.Context.IsRescue = true;
            handler.Observer.UseProcessOutput();
            while (!handler.Blocks.IsDone)
            {
                // After a stop nothing more can be run in a runspace.
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
