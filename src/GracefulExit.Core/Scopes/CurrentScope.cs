using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;

namespace GracefulExit.Scopes;

/// <summary>The scope in which the calling pipeline thread is, and what can be done to it from within.</summary>
/// <remarks>Threads: pipeline threads, each for its own runspace.</remarks>
internal static class CurrentScope
{
    /// <returns>The innermost scope of this runspace; in a rescue, the scope whose exit blocks it runs; null: none.</returns>
    public static Scope? Find(ExitRuntime runtime)
    {
        Runspace current = Runspace.DefaultRunspace;
        Scope[] active = runtime.Registry.Snapshot();
        return Array.Find(active, scope => scope.Runspace == current) ?? Array.Find(active, scope => scope.RescueRunspace == current);
    }

    /// <summary>Pushes an exit block: it runs before all others that have not begun.</summary>
    public static PushedExitBlock Push(Scope scope, ScriptBlock script, object?[]? arguments, PSCmdlet outer)
    {
        ExitBlock block = new(scope.NextBlockId(), script, SessionPosition.Of(script, outer.SessionState), arguments);
        scope.Guard?.Push(block, outer.SessionState, scope.Runspace, outer.WriteWarning);
        scope.Blocks.Push(block);
        return new PushedExitBlock(scope.Id, script, () =>
        {
            bool isRemoved = scope.Blocks.Remove(block);
            if (isRemoved)
            {
                scope.Guard?.Remove(block.Id);
            }

            return isRemoved;
        });
    }
}
