using System.Management.Automation;
using GracefulExit.Calls;

namespace GracefulExit.Commands;

/// <summary>
/// Tells of the scopes that are active in this process and of the handlers that are registered, in the order in which a signal
/// would end them. Works from any runspace and from an exit block.
/// </summary>
[Cmdlet(VerbsCommon.Get, "ExitHandler", HelpUri = HelpPages.Root + "Get-ExitHandler.md")]
[OutputType(typeof(ExitHandlerInfo))]
public sealed class GetExitHandlerCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => GetExitHandlerCall.Run(this);
}
