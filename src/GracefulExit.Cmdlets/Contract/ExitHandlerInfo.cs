namespace GracefulExit;

/// <summary>What <c>Get-ExitHandler</c> tells of an active scope: a reading, which does not change.</summary>
public sealed class ExitHandlerInfo
{
    internal ExitHandlerInfo()
    {
    }

    /// <summary>Gets the scope's number in this process, counted from 1.</summary>
    public required int Id { get; init; }

    /// <summary>Gets what the scope is doing.</summary>
    public required ExitHandlerState State { get; init; }

    /// <summary>Gets the names of the signals that end the scope.</summary>
    public required IReadOnlyList<string> Signal { get; init; }

    /// <summary>Gets the script in which the scope was started; empty at a prompt.</summary>
    public required string ScriptName { get; init; }

    /// <summary>Gets the line in that script.</summary>
    public required int ScriptLineNumber { get; init; }

    /// <summary>Gets the number of the runspace in which the scope runs, as Get-Runspace tells it.</summary>
    public required int RunspaceId { get; init; }

    /// <summary>Gets how many scopes of this runspace are nested here, this one included.</summary>
    public required int Depth { get; init; }

    /// <summary>Gets when the scope began (local time).</summary>
    public DateTime StartedAt => Context.StartedAt;

    /// <summary>Gets the scope's exit context.</summary>
    public required ExitContext Context { get; init; }

    /// <summary>Gets where the scope was started, "script:line".</summary>
    public string StartedFrom => $"{(ScriptName.Length == 0 ? "<prompt>" : Path.GetFileName(ScriptName))}:{ScriptLineNumber}";
}
