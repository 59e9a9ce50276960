using System.Management.Automation;
using GracefulExit.Calls;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Takes back a clean-up that Add-ExitBlock has pushed: what it was for is committed.</para>
/// </summary>
/// <remarks>One that has begun, or was taken back before, is left alone (row G2).</remarks>
[Cmdlet(VerbsCommon.Remove, "ExitBlock", HelpUri = HelpPages.Root + "Remove-ExitBlock.md")]
public sealed class RemoveExitBlockCommand : PSCmdlet
{
    /// <summary>Gets or sets what <c>Add-ExitBlock -PassThru</c> has returned.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public PushedExitBlock InputObject { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ExitBlockCalls.Remove(this, InputObject);
}
