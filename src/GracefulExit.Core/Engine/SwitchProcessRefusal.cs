using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>Replaces <c>Switch-Process</c> while a scope is active, and throws an error that says why. Not exported.</summary>
[Cmdlet(VerbsCommon.Switch, "Process")]
internal sealed class SwitchProcessRefusal : PSCmdlet
{
    public static CmdletInfo Info => new("Switch-Process", typeof(SwitchProcessRefusal));

    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public string[] WithCommand { get; set; } = [];

    protected override void EndProcessing() => ThrowTerminatingError(new ErrorRecord(
        new InvalidOperationException(Messages.ExitHandlerActive), "ExitHandlerActive", ErrorCategory.ResourceBusy, null));
}
