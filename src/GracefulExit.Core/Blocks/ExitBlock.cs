using System.Management.Automation;
using GracefulExit.Engine;

namespace GracefulExit.Blocks;

/// <summary>One exit block of a scope.</summary>
/// <param name="Id">Its number within the scope: from 0 for those of <c>-OnExit</c>, higher for pushed ones.</param>
/// <param name="Script">What it runs.</param>
/// <param name="Position">Where it would find its variables and commands; null: outside any session of this process.</param>
/// <param name="Arguments">Its arguments; null: it gets the exit context.</param>
internal sealed record ExitBlock(int Id, ScriptBlock Script, SessionPosition? Position = null, object?[]? Arguments = null)
{
    /// <summary>Gets its position in a session of this process, which it must have.</summary>
    public SessionPosition Place => Position ?? throw new InvalidOperationException();
}
