using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>
/// The everyday cmdlets of this assembly. The session's own runspace has them from the start: a signal that a test
/// sends early would otherwise mostly hit their module being loaded, which takes longer here than in pwsh, where it
/// is precompiled. Every other runspace loads them when they are first named, from $PSHOME/Modules, as in pwsh.
/// </summary>
internal static class StandIns
{
    /// <summary>Adds them all to a session that is yet to be opened.</summary>
    public static void AddTo(InitialSessionState state)
    {
        foreach (var type in typeof(StandIns).Assembly.GetExportedTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
            {
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null));
            }
        }
    }
}
