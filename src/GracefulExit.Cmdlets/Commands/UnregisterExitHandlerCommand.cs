using System.Management.Automation;
using GracefulExit.Calls;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Takes back what Register-ExitHandler has registered: it does not run.</para>
/// </summary>
/// <remarks>Holds at once, from any runspace, from an exit block and from another handler (row F7).</remarks>
[Cmdlet(VerbsLifecycle.Unregister, "ExitHandler", DefaultParameterSetName = "InputObject", HelpUri = HelpPages.Root + "Unregister-ExitHandler.md")]
public sealed class UnregisterExitHandlerCommand : PSCmdlet
{
    /// <summary>Gets or sets what <c>Register-ExitHandler -PassThru</c> or <c>Get-ExitHandler</c> has returned.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    public ExitHandlerInfo InputObject { get; set; } = null!;

    /// <summary>Gets or sets the number of the handler, as <c>Get-ExitHandler</c> tells it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    public int Id { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => UnregisterExitHandlerCall.Run(this, ParameterSetName == "Id" ? Id : InputObject.Id);
}
