using System.Management.Automation;

namespace GracefulExit.Blocks;

/// <summary>One clean-up of a scope.</summary>
/// <param name="Id">Its number within the scope: counted from 0 for <c>-OnExit</c>, going on for those that are pushed.</param>
/// <param name="Script">What it runs.</param>
/// <param name="Arguments">The arguments that it was given; null: it gets the exit context.</param>
internal sealed record ExitBlock(int Id, ScriptBlock Script, object?[]? Arguments = null);
