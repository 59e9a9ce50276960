using System.Management.Automation;
using GracefulExit.Calls;
using GracefulExit.Parameters;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Runs a short part of a body that no stop cuts.</para>
/// </summary>
/// <remarks>
/// Outside a body it runs the block and nothing else; in a body that has been told to stop it does not begin. A shield within
/// a shield is a part of it (row G7).
/// </remarks>
[Cmdlet(VerbsOther.Use, "ExitShield", HelpUri = HelpPages.Root + "Use-ExitShield.md")]
[OutputType(typeof(object))]
public sealed class UseExitShieldCommand : PSCmdlet
{
    private readonly UseExitShieldCall _call;

    public UseExitShieldCommand() => _call = new UseExitShieldCall(this);

    /// <summary>Gets or sets the script block, which runs in the caller's scope.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateScriptBlock]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Gets or sets how many seconds a stop is held back at most.</summary>
    [Parameter]
    [Seconds]
    public double TimeoutSeconds { get; set; } = 5;

    /// <inheritdoc/>
    protected override void EndProcessing() => _call.Run(ScriptBlock, TimeSpan.FromSeconds(TimeoutSeconds));

    /// <inheritdoc/>
    protected override void StopProcessing() => _call.Stop();
}
