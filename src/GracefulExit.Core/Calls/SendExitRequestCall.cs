using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Native;
using GracefulExit.Scopes;
using GracefulExit.Supervision;

namespace GracefulExit.Calls;

/// <summary>One call of <c>Send-ExitRequest</c>.</summary>
/// <remarks>Threads: the pipeline thread; the stopping thread calls <see cref="Stop"/>.</remarks>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class SendExitRequestCall(PSCmdlet cmdlet)
{
    /// <summary>How long the stop of a script may take to come where handlers are registered, and no scope is active.</summary>
    private static readonly TimeSpan HandlerStopTime = TimeSpan.FromSeconds(2);

    private readonly Latch _stopping = new();

    /// <summary>Asks this process's scopes and handlers for the exit.</summary>
    public void SendToOwn(Signal signal)
    {
        if (!cmdlet.ShouldProcess(Messages.OwnTarget, signal.Name))
        {
            return;
        }

        if (!ExitRuntime.Current.Router.TryRequest(signal))
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new InvalidOperationException(Messages.NobodyListens(signal.Name)), "NoExitHandler", ErrorCategory.ObjectNotFound, signal.Name));
        }

        if (CurrentScope.Find(ExitRuntime.Current) is { } scope && !scope.MayGoOn())
        {
            // The stop is on its way: the body gets no further statement.
            _ = _stopping.Wait(scope.Options.StopTimeout);
        }
        else if (ExitRuntime.Current.Handlers?.Signalled.Stops(Runspace.DefaultRunspace) == true)
        {
            _ = _stopping.Wait(HandlerStopTime);
        }
    }

    /// <summary>Sends a signal to another process.</summary>
    public void SendToOther(Signal signal, int id)
    {
        if (!cmdlet.ShouldProcess(Messages.ProcessTarget(id), signal.Name))
        {
            return;
        }

        switch (ISignalSender.Current.Send(signal, id, out int error))
        {
            case SendOutcome.Sent:
                break;
            case SendOutcome.NoSuchProcess:
                cmdlet.WriteError(new ErrorRecord(
                    new ArgumentException(Messages.NoSuchProcess(id)), "NoSuchProcess", ErrorCategory.ObjectNotFound, id));
                break;
            case SendOutcome.NotPermitted:
                cmdlet.WriteError(new ErrorRecord(
                    new UnauthorizedAccessException(Messages.MayNotSignal(id)), "MayNotSignal", ErrorCategory.PermissionDenied, id));
                break;
            case SendOutcome.NotSendable:
                cmdlet.WriteError(new ErrorRecord(
                    new PlatformNotSupportedException(Messages.SendUnsupported(signal.Name)), "SendSignalUnsupported", ErrorCategory.NotImplemented, id));
                break;
            case SendOutcome.OtherConsole:
                cmdlet.WriteError(new ErrorRecord(
                    new InvalidOperationException(Messages.SendToOtherConsole(id)), "SendSignalUnsupported", ErrorCategory.NotImplemented, id));
                break;
            default:
                cmdlet.WriteError(new ErrorRecord(
                    new System.ComponentModel.Win32Exception(error), "SignalNotSent", ErrorCategory.WriteError, id));
                break;
        }
    }

    /// <summary>The caller is being stopped.</summary>
    public void Stop() => _stopping.Set();
}
