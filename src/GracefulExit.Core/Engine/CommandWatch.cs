using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace GracefulExit.Engine;

/// <summary>
/// Refuses <c>Switch-Process</c> (<c>exec</c>) in a runspace while a scope is active in it: it replaces the process, and no exit
/// block would ever run (row C16).
/// </summary>
/// <remarks>Threads: the pipeline thread. Not on Windows, which has no such command.</remarks>
internal sealed class CommandWatch : IDisposable
{
    private static readonly ConditionalWeakTable<Runspace, Use> Uses = [];

    private readonly PSCmdlet _outer;
    private readonly Use _use;

    private CommandWatch(PSCmdlet outer, Use use)
    {
        _outer = outer;
        _use = use;
    }

    /// <summary>Starts watching the commands of the caller's runspace. Dispose it when the scope ends.</summary>
    public static CommandWatch? Begin(PSCmdlet outer)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        Use use = Uses.GetOrCreateValue(Runspace.DefaultRunspace);
        if (use.Count++ == 0)
        {
            outer.SessionState.InvokeCommand.PostCommandLookupAction += OnLookup;
        }

        return new CommandWatch(outer, use);
    }

    public void Dispose()
    {
        if (--_use.Count == 0)
        {
            _outer.SessionState.InvokeCommand.PostCommandLookupAction -= OnLookup;
        }
    }

    /// <summary>The engine swallows exceptions thrown here, so another command has to throw the error.</summary>
    private static void OnLookup(object? sender, CommandLookupEventArgs lookup)
    {
        if (lookup.Command is CmdletInfo { ImplementingType.FullName: "Microsoft.PowerShell.Commands.SwitchProcessCommand" })
        {
            lookup.Command = SwitchProcessRefusal.Info;
        }
    }

    /// <summary>How many scopes are active in a runspace.</summary>
    private sealed class Use
    {
        public int Count { get; set; }
    }
}
