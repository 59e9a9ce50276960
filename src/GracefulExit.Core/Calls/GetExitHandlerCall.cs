using System.Management.Automation;
using GracefulExit.Formatting;
using GracefulExit.Scopes;

namespace GracefulExit.Calls;

/// <summary>What <c>Get-ExitHandler</c> does.</summary>
/// <remarks>Threads: the pipeline thread.</remarks>
internal static class GetExitHandlerCall
{
    /// <summary>Writes the scopes and the handlers, in the order in which a signal would end them.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    public static void Run(PSCmdlet cmdlet)
    {
        FormatFile.Load(cmdlet);
        foreach (Scope scope in ExitRuntime.Current.Registry.Snapshot())
        {
            cmdlet.WriteObject(scope.Inform());
        }

        foreach (ExitHandlerInfo handler in ExitRuntime.Current.Handlers?.Inform() ?? [])
        {
            cmdlet.WriteObject(handler);
        }
    }
}
