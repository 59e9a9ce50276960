namespace GracefulExit;

/// <summary>What <c>Get-ExitHandler</c> tells of an active scope or a registered handler: a reading, which does not change.</summary>
public sealed class ExitHandlerInfo
{
    internal ExitHandlerInfo()
    {
    }

    /// <summary>Gets the number in this process; scopes and handlers are counted together, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>Gets what it is.</summary>
    public required ExitHandlerKind Kind { get; init; }

    /// <summary>Gets what it is doing.</summary>
    public required ExitHandlerState State { get; init; }

    /// <summary>Gets what its end waits for, such as "exit block 2 of 3, for up to 28 s"; empty if it is not ending.</summary>
    public required string WaitingFor { get; init; }

    /// <summary>Gets the names of the signals that end the scope, or the session.</summary>
    public required IReadOnlyList<string> Signal { get; init; }

    /// <summary>Gets the script in which it was started or registered; empty at a prompt.</summary>
    public required string ScriptName { get; init; }

    /// <summary>Gets the line in that script.</summary>
    public required int ScriptLineNumber { get; init; }

    /// <summary>Gets the number of the runspace in which it was started or registered, as Get-Runspace tells it.</summary>
    public required int RunspaceId { get; init; }

    /// <summary>Gets how many scopes of this runspace are nested here, this one included; 0: a registered handler.</summary>
    public required int Depth { get; init; }

    /// <summary>Gets when it began or was registered (local time).</summary>
    public DateTime StartedAt => Context.StartedAt;

    /// <summary>Gets its exit context.</summary>
    public required ExitContext Context { get; init; }

    /// <summary>Gets where it was started or registered, "script:line".</summary>
    public string StartedFrom => $"{(ScriptName.Length == 0 ? "<prompt>" : Path.GetFileName(ScriptName))}:{ScriptLineNumber}";
}
