using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using GracefulExit.Engine;

namespace GracefulExit.Formatting;

/// <summary>
/// Loads the module's format file into a session when there is first something to show. The manifest does not name it
/// (FormatsToProcess): for any format file, however small, the engine builds all of its views anew, and that would be a
/// third of the import.
/// </summary>
/// <remarks>Threads: pipeline threads, each for its own runspace.</remarks>
internal static class FormatFile
{
    /// <summary>By its full name: a function of the user's may have the short one.</summary>
    private static readonly ScriptBlock Loader = OwnScript.Create(
        "Microsoft.PowerShell.Utility\\Update-FormatData -AppendPath $args[0] -ErrorAction Ignore");

    private static readonly ConditionalWeakTable<Runspace, object> Loaded = [];

    public static void Load(PSCmdlet cmdlet)
    {
        if (!Loaded.TryAdd(Runspace.DefaultRunspace, Loaded))
        {
            return;
        }

        // The assembly may be an image in a directory below.
        string directory = cmdlet.MyInvocation.MyCommand.Module?.ModuleBase ?? Path.GetDirectoryName(typeof(FormatFile).Assembly.Location)!;
        try
        {
            cmdlet.InvokeCommand.InvokeScript(useLocalScope: true, Loader, null, Path.Combine(directory, "GracefulExit.format.ps1xml"));
        }
        catch (RuntimeException)
        {
            // A session without that cmdlet, or one that must not load files, shows lists.
        }
    }
}
