using System.Management.Automation;
using GracefulExit.Calls;
using GracefulExit.Parameters;

namespace GracefulExit.Commands;

/// <summary>
/// Waits for an exit request: true as soon as there is one, false when the time is up. A sleep that a daemon's loop can
/// be woken from.
/// </summary>
/// <remarks>
/// Within a scope's body it answers for the scopes around it; in another runspace, such as a thread job's, for the scopes of
/// the process.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "ExitRequest", HelpUri = HelpPages.Root + "Wait-ExitRequest.md")]
[OutputType(typeof(bool))]
public sealed class WaitExitRequestCommand : PSCmdlet
{
    private readonly WaitExitRequestCall _call;

    public WaitExitRequestCommand() => _call = new WaitExitRequestCall(this);

    /// <summary>Gets or sets how many seconds to wait; for ever if not given, 0: only look.</summary>
    [Parameter(Position = 0)]
    [Seconds]
    public double TimeoutSeconds { get; set; } = -1;

    /// <inheritdoc/>
    protected override void EndProcessing() => _call.Run(TimeoutSeconds);

    /// <inheritdoc/>
    protected override void StopProcessing() => _call.Stop();
}
