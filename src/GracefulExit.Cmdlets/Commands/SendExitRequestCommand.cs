using System.Management.Automation;
using GracefulExit.Calls;
using GracefulExit.Parameters;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Asks the scopes of this process to end as by a signal, or sends a signal to another process.</para>
/// </summary>
/// <remarks>
/// To this process nothing is sent through the kernel (row G5); to another, a real one (row G6).
/// </remarks>
[Cmdlet(VerbsCommunications.Send, "ExitRequest", DefaultParameterSetName = "Own", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Send-ExitRequest.md")]
public sealed class SendExitRequestCommand : PSCmdlet
{
    private readonly SendExitRequestCall _call;

    public SendExitRequestCommand() => _call = new SendExitRequestCall(this);

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
        if (ParameterSetName == "Own")
        {
            _call.SendToOwn(Signal[0]);
        }
        else
        {
            _call.SendToOther(Signal[0], ParameterSetName == "Id" ? Id : Process.Id);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _call.Stop();
}
