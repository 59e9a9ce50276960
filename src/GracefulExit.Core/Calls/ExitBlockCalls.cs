using System.Management.Automation;
using GracefulExit.Scopes;

namespace GracefulExit.Calls;

/// <summary>What <c>Add-ExitBlock</c> and <c>Remove-ExitBlock</c> do.</summary>
/// <remarks>Threads: the pipeline thread.</remarks>
internal static class ExitBlockCalls
{
    /// <summary>Pushes an exit block onto the scope that is running.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="block">The exit block.</param>
    /// <param name="arguments">Its arguments; null: the exit context.</param>
    /// <param name="passThru">Whether to write what <see cref="Remove"/> takes.</param>
    public static void Add(PSCmdlet cmdlet, ScriptBlock block, object?[]? arguments, bool passThru)
    {
        if (CurrentScope.Find(ExitRuntime.Current) is not { } scope)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new InvalidOperationException(Messages.NoScopeForBlock), "NoExitHandler", ErrorCategory.ObjectNotFound, null));
            return;
        }

        PushedExitBlock pushed = CurrentScope.Push(scope, block, arguments, cmdlet);
        if (passThru)
        {
            cmdlet.WriteObject(pushed);
        }
    }

    /// <summary>Takes back a pushed block, if it has not begun.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="block">The pushed block.</param>
    public static void Remove(PSCmdlet cmdlet, PushedExitBlock block)
    {
        bool isRemoved = block.Remove();
        cmdlet.WriteVerbose(isRemoved ? Messages.BlockRemoved(block.ScopeId) : Messages.BlockNotRemoved(block.ScopeId));
    }
}
