using System.Management.Automation;
using GracefulExit.Engine;

namespace GracefulExit.Blocks;

/// <summary>One clean-up of a scope.</summary>
/// <param name="Id">Its number within the scope: counted from 0 for <c>-OnExit</c>, going on for those that are pushed.</param>
/// <param name="Script">What it runs.</param>
/// <param name="Position">Where it would find its variables and commands; null: outside any session of this process.</param>
/// <param name="Arguments">The arguments that it was given; null: it gets the exit context.</param>
internal sealed record ExitBlock(int Id, ScriptBlock Script, SessionPosition? Position = null, object?[]? Arguments = null)
{
    /// <summary>Gets the block and its position, as a capture takes them.</summary>
    public (ScriptBlock Block, SessionPosition Position) Placed => (Script, Position ?? throw new InvalidOperationException());
}
