using System.Management.Automation;
using GracefulExit.Scopes;

namespace GracefulExit.Calls;

/// <summary>What <c>Unregister-ExitHandler</c> does.</summary>
/// <remarks>Threads: the pipeline thread.</remarks>
internal static class UnregisterExitHandlerCall
{
    /// <summary>Takes back a handler.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="id">The number of the handler.</param>
    public static void Run(PSCmdlet cmdlet, int id)
    {
        if (ExitRuntime.Current.Handlers?.TryUnregister(id) == true)
        {
            return;
        }

        bool isScope = Array.Exists(ExitRuntime.Current.Registry.Snapshot(), scope => scope.Id == id);
        cmdlet.WriteError(new ErrorRecord(
            new ItemNotFoundException(isScope ? Messages.NoHandlerButScope(id) : Messages.NoSuchHandler(id)),
            "NoExitHandler",
            ErrorCategory.ObjectNotFound,
            id));
    }
}
