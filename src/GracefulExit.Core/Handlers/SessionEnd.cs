using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.ProcessEnd;
using GracefulExit.Signals;
using GracefulExit.Supervision;

namespace GracefulExit.Handlers;

/// <summary>
/// The end of a session: the engine's event <c>PowerShell.Exiting</c>. It is raised at the end of the script or prompt, on
/// <c>exit</c>, after an uncaught error, and whenever a runspace is closed; not on <c>[Environment]::Exit</c>, and not on signals.
/// </summary>
/// <remarks>Threads: subscribed to on pipeline threads; raised on the thread that closes the runspace.</remarks>
internal sealed class SessionEnd(HandlerRegistry registry, HandlerRunner runner, SignalledEnd signalled, EndOfProcess end, ISignalSource signals)
{
    /// <summary>How long a second thread that closes the session is held here at most. The process ends before that.</summary>
    private static readonly TimeSpan ParkTime = TimeSpan.FromMinutes(5);

    private readonly ConditionalWeakTable<Runspace, object> _subscribed = [];
    private readonly ConditionalWeakTable<Runspace, Latch> _closing = [];

    /// <summary>Subscribes to the end of the calling runspace, once.</summary>
    public void Watch(PSCmdlet cmdlet)
    {
        Runspace runspace = Runspace.DefaultRunspace;
        if (!_subscribed.TryAdd(runspace, _subscribed))
        {
            return;
        }

        if (runspace.Id == ShellKind.MainRunspaceId && ShellKind.EndsOnBreak)
        {
            // For as long as the process lives: see SignalledEnd.TryTakeBreak.
            signals.Acquire([Signal.Quit]);
        }

        CallerSession caller = new(cmdlet.SessionState, cmdlet.Host);
        _ = cmdlet.Events.SubscribeEvent(
            null, null, PSEngineEvent.Exiting, null, (_, _) => OnExiting(runspace, caller), supportEvent: true, forwardEvent: false);
    }

    /// <summary>Why the shell's own session ends, for when its end does not come.</summary>
    public SessionEnding Explain() => Array.Find(registry.Waiting(), static handler => handler.Runspace.Id == ShellKind.MainRunspaceId) is { } main
        ? Explain(isMain: true, main.Caller)
        : new SessionEnding(new ExitRequest(ExitReason.ProcessExit, null, Environment.ExitCode));

    /// <summary>Lets no exception escape: it would end the process by FailFast.</summary>
    private void OnExiting(Runspace runspace, CallerSession caller)
    {
        Runspace? before = Runspace.DefaultRunspace;
        bool isMain = runspace.Id == ShellKind.MainRunspaceId;
        Latch hasRun = new();
        if (!_closing.TryAdd(runspace, hasRun))
        {
            LeaveToFirst(runspace, isMain, caller);
            return;
        }

        try
        {
            signalled.OnSessionEnds(runspace);
            if (Array.Exists(registry.Waiting(), handler => handler.Runspace == runspace) && !RunHandlers(runspace, Explain(isMain, caller)))
            {
                return;
            }

            runner.WaitForRest();
            if (isMain)
            {
                signalled.EndProcessIfAsked();
            }
        }
        catch (Exception exception)
        {
            caller.ReportError(Messages.RescueFailed(exception.Message));
        }
        finally
        {
            Runspace.DefaultRunspace = before;
            hasRun.Set();
        }
    }

    /// <summary>
    /// A second thread closes the session: pwsh's main thread and its Ctrl+C handler may both do so. Since the session counts as
    /// open while handlers run, the engine does not notice that it is already being closed. If both finished closing it, the engine
    /// would abort the process. So the second one waits until the handlers have run, and then ends the process with the status of
    /// the shell.
    /// </summary>
    private void LeaveToFirst(Runspace runspace, bool isMain, CallerSession caller)
    {
        // The runtime waits for foreground threads.
        Thread.CurrentThread.IsBackground = true;
        _ = _closing.TryGetValue(runspace, out Latch? hasRun) && hasRun.Wait(ParkTime);
        if (isMain)
        {
            end.Begin(signalled.DrivenBy?.ExitCode ?? EngineInternals.FindShellStatus(caller.Host)?.ExitCode ?? Environment.ExitCode);
            Thread.Sleep(ParkTime);
        }
    }

    /// <returns>False: this thread has lost the run. Another one runs the rest and ends the process.</returns>
    private bool RunHandlers(Runspace runspace, SessionEnding ending)
    {
        using IDisposable? opened = EngineInternals.OpenWhileClosing(runspace);
        if (opened is null || !signalled.StopAndWait(runspace))
        {
            runner.RunElsewhere(runspace, ending);
            return true;
        }

        Runspace.DefaultRunspace = runspace;
        return runner.RunInSession(runspace, ending);
    }

    /// <summary>Why the session ends, as far as the shell tells.</summary>
    private SessionEnding Explain(bool isMain, CallerSession caller)
    {
        if (signalled.Ending is { } bySignal)
        {
            return bySignal;
        }

        if (end.HasBegun)
        {
            return new SessionEnding(new ExitRequest(ExitReason.ProcessExit, null, Environment.ExitCode));
        }

        if (!isMain)
        {
            return new SessionEnding(new ExitRequest(ExitReason.Completed, null, 0));
        }

        if (EngineInternals.FindShellStatus(caller.Host) is not { } status)
        {
            return new SessionEnding(new ExitRequest(ExitReason.ProcessExit, null, Environment.ExitCode));
        }

        if (status.ExitCode == 1 && LastError(caller) is { } error)
        {
            // pwsh returns 1 for a script that an error has ended. exit 1 looks the same.
            return new SessionEnding(new ExitRequest(ExitReason.Error, null, 1), error);
        }

        return new SessionEnding(new ExitRequest(
            status.WasExitCalled ? ExitReason.Exit : ExitReason.Completed, null, status.ExitCode));
    }

    private static ErrorRecord? LastError(CallerSession caller) =>
        caller.SessionState.PSVariable.GetValue("global:Error") is ArrayList { Count: > 0 } errors
            ? errors[0] as ErrorRecord ?? (errors[0] as IContainsErrorRecord)?.ErrorRecord
            : null;
}
