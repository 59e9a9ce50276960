using System.Management.Automation;

namespace GracefulExit;

/// <summary>An exit block that <c>Add-ExitBlock</c> has pushed onto a scope, for <c>Remove-ExitBlock</c>.</summary>
public sealed class PushedExitBlock
{
    internal PushedExitBlock(int scopeId, ScriptBlock scriptBlock, Func<bool> remove)
    {
        ScopeId = scopeId;
        ScriptBlock = scriptBlock;
        Remove = remove;
    }

    /// <summary>Gets the number of the scope, as <c>Get-ExitHandler</c> tells it.</summary>
    public int ScopeId { get; }

    /// <summary>Gets what the exit block runs.</summary>
    public ScriptBlock ScriptBlock { get; }

    /// <summary>Gets what takes it out of the scope; false: it has begun, or was taken out before.</summary>
    internal Func<bool> Remove { get; }

    /// <inheritdoc/>
    public override string ToString() => ScriptBlock.ToString();
}
