using System.Management.Automation;
using GracefulExit.Calls;
using GracefulExit.Parameters;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Pushes a clean-up onto the scope that is running.</para>
/// </summary>
/// <remarks>Pushed blocks run last in, first out, before those of <c>-OnExit</c> (rows G1, G3).</remarks>
[Cmdlet(VerbsCommon.Add, "ExitBlock", HelpUri = HelpPages.Root + "Add-ExitBlock.md")]
[OutputType(typeof(PushedExitBlock))]
public sealed class AddExitBlockCommand : PSCmdlet
{
    /// <summary>Gets or sets the clean-up. It runs in the scope of the caller of <c>Use-ExitHandler</c>.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateScriptBlock]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Gets or sets the arguments of the clean-up; without them it gets the exit context.</summary>
    [Parameter]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>Gets or sets a value indicating whether to return what <c>Remove-ExitBlock</c> takes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        ExitBlockCalls.Add(this, ScriptBlock, MyInvocation.BoundParameters.ContainsKey(nameof(ArgumentList)) ? ArgumentList ?? [] : null, PassThru);
}
