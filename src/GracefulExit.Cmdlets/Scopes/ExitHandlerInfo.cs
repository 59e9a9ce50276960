using GracefulExit.Scopes;

namespace GracefulExit;

/// <summary>What <c>Get-ExitHandler</c> tells of an active scope: a reading, which does not change.</summary>
public sealed class ExitHandlerInfo
{
    internal ExitHandlerInfo(ExitScope scope)
    {
        Id = scope.Id;
        State = scope.State.ToString();
        Signal = [.. scope.Options.Signals.Select(signal => signal.Name)];
        ScriptName = scope.Options.StartedFrom.ScriptName;
        ScriptLineNumber = scope.Options.StartedFrom.LineNumber;
        RunspaceId = scope.Runspace.Id;
        StartedAt = scope.Context.StartedAt;
        Context = scope.Context;
        for (ExitScope? outer = scope; outer is not null; outer = outer.Parent)
        {
            Depth++;
        }
    }

    /// <summary>Gets the scope's number in this process, counted from 1.</summary>
    public int Id { get; }

    /// <summary>Gets the state: Starting, Body, Draining, Stopping, Exiting or Completed.</summary>
    public string State { get; }

    /// <summary>Gets the names of the signals that end the scope.</summary>
    public IReadOnlyList<string> Signal { get; }

    /// <summary>Gets the script in which the scope was started; empty at a prompt.</summary>
    public string ScriptName { get; }

    /// <summary>Gets the line in that script.</summary>
    public int ScriptLineNumber { get; }

    /// <summary>Gets the number of the runspace in which the scope runs, as Get-Runspace tells it.</summary>
    public int RunspaceId { get; }

    /// <summary>Gets how many scopes of this runspace are nested here, this one included.</summary>
    public int Depth { get; }

    /// <summary>Gets when the scope began (local time).</summary>
    public DateTime StartedAt { get; }

    /// <summary>Gets the scope's exit context.</summary>
    public ExitContext Context { get; }

    /// <summary>Gets where the scope was started, "script:line".</summary>
    public string StartedFrom => $"{(ScriptName.Length == 0 ? "<prompt>" : Path.GetFileName(ScriptName))}:{ScriptLineNumber}";
}
