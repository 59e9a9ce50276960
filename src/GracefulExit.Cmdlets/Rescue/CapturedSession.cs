using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using GracefulExit.Guard;

namespace GracefulExit.Rescue;

/// <summary>What exit blocks need of the session that they were written in, to be run in a runspace of their own.</summary>
internal sealed record CapturedSession
{
    /// <summary>The variables: for a rescue the same objects, for a guard others of the same value.</summary>
    public required IReadOnlyDictionary<string, object?> Variables { get; init; }

    /// <summary>Names and definitions.</summary>
    public required IReadOnlyDictionary<string, string> Functions { get; init; }

    /// <summary>Paths.</summary>
    public required IReadOnlyCollection<string> Modules { get; init; }

    public required string Location { get; init; }

    /// <summary>Classes and enumerations of scripts, for a guard.</summary>
    public IReadOnlyList<ScriptText> Types { get; init; } = [];

    /// <summary>The names of those that can't be taken along to a guard.</summary>
    public IReadOnlyCollection<string> MissingTypes { get; init; } = [];

    /// <summary>Opens a runspace on the calling thread in which all that is there.</summary>
    /// <param name="host">Shows what is printed; null: nobody does.</param>
    /// <param name="context">The exit context.</param>
    public Runspace CreateRunspace(PSHost? host, ExitContext context)
    {
        // CreateDefault would load assemblies that a host on the bare engine does not have.
        InitialSessionState initial = InitialSessionState.CreateDefault2();
        initial.ThrowOnRunspaceOpenError = false;
        initial.ImportPSModule([.. Modules]);
        foreach ((string name, string definition) in Functions)
        {
            initial.Commands.Add(new SessionStateFunctionEntry(name, definition));
        }

        Runspace runspace = host is null ? RunspaceFactory.CreateRunspace(initial) : RunspaceFactory.CreateRunspace(host, initial);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        foreach ((string name, object? value) in Variables)
        {
            runspace.SessionStateProxy.SetVariable(name, value);
        }

        runspace.SessionStateProxy.SetVariable("_", context);
        TrySetLocation(runspace);
        return runspace;
    }

    private void TrySetLocation(Runspace runspace)
    {
        try
        {
            runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(Location));
        }
        catch (RuntimeException)
        {
            // Removed meanwhile. Exit blocks that name their files in full do not mind.
        }
    }
}
