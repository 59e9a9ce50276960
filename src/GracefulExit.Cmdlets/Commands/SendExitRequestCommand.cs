using System.Management.Automation.Runspaces;
using System.Management.Automation;
using GracefulExit.Native;
using GracefulExit.Parameters;
using GracefulExit.Scopes;
using GracefulExit.Supervision;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Asks the scopes of this process to end as by a signal, or sends a signal to another process.</para>
/// </summary>
/// <remarks>
/// To this process nothing is sent through the kernel (row G5); to another, a real one (row G6). Threads: the pipeline
/// thread; the stopping thread calls <see cref="StopProcessing"/>.
/// </remarks>
[Cmdlet(VerbsCommunications.Send, "ExitRequest", DefaultParameterSetName = "Own", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Send-ExitRequest.md")]
public sealed class SendExitRequestCommand : PSCmdlet
{
    /// <summary>How long the stop of a script may take to come where handlers are registered, and no scope is active.</summary>
    private static readonly TimeSpan HandlerStopTime = TimeSpan.FromSeconds(2);

    private readonly Latch _stopping = new();

    /// <summary>Gets or sets the signal.</summary>
    [Parameter]
    [SignalTransformation]
    [ArgumentCompleter(typeof(SignalCompleter))]
    [ValidateCount(1, 1)]
    public Signal[] Signal { get; set; } = [GracefulExit.Signal.Terminate];

    /// <summary>Gets or sets the id of another process.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    [ValidateRange(1, int.MaxValue)]
    public int Id { get; set; }

    /// <summary>Gets or sets another process.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Process", ValueFromPipeline = true)]
    public System.Diagnostics.Process Process { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Signal signal = Signal[0];
        if (ParameterSetName == "Own")
        {
            SendToOwn(signal);
            return;
        }

        int id = ParameterSetName == "Id" ? Id : Process.Id;
        if (ShouldProcess(Messages.ProcessTarget(id), signal.Name))
        {
            SendToOther(signal, id);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Set();

    private void SendToOwn(Signal signal)
    {
        if (!ShouldProcess(Messages.OwnTarget, signal.Name))
        {
            return;
        }

        if (!ExitRuntime.Current.Router.TryRequest(signal))
        {
            ThrowTerminatingError(new ErrorRecord(
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

    private void SendToOther(Signal signal, int id)
    {
        switch (ISignalSender.Current.Send(signal, id, out int error))
        {
            case SendOutcome.Sent:
                break;
            case SendOutcome.NoSuchProcess:
                WriteError(new ErrorRecord(
                    new ArgumentException(Messages.NoSuchProcess(id)), "NoSuchProcess", ErrorCategory.ObjectNotFound, id));
                break;
            case SendOutcome.NotPermitted:
                WriteError(new ErrorRecord(
                    new UnauthorizedAccessException(Messages.MayNotSignal(id)), "MayNotSignal", ErrorCategory.PermissionDenied, id));
                break;
            case SendOutcome.NotSendable:
                WriteError(new ErrorRecord(
                    new PlatformNotSupportedException(Messages.SendUnsupported(signal.Name)), "SendSignalUnsupported", ErrorCategory.NotImplemented, id));
                break;
            case SendOutcome.OtherConsole:
                WriteError(new ErrorRecord(
                    new InvalidOperationException(Messages.SendToOtherConsole(id)), "SendSignalUnsupported", ErrorCategory.NotImplemented, id));
                break;
            default:
                WriteError(new ErrorRecord(
                    new System.ComponentModel.Win32Exception(error), "SignalNotSent", ErrorCategory.WriteError, id));
                break;
        }
    }
}
