using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using GracefulExit.Engine;

namespace GracefulExit.Rescue;

/// <summary>A variable that exit blocks need.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">For a rescue the same object, for a guard another of the same value.</param>
/// <param name="Options">Those of its options that the copy keeps: read-only and constant.</param>
internal sealed record CapturedVariable(string Name, object? Value, ScopedItemOptions Options = ScopedItemOptions.None);

/// <summary>A function that exit blocks need.</summary>
/// <param name="Name">Its name. It never becomes part of a script.</param>
/// <param name="Text">Its definition.</param>
/// <param name="LanguageMode">The mode that it runs in wherever it is called; null: its caller's.</param>
internal sealed record CapturedFunction(string Name, ScriptText Text, PSLanguageMode? LanguageMode);

/// <summary>
/// What exit blocks need of the session that they were written in, to be run in a runspace of their own: what they name, and
/// what makes the session safe whether they name it or not.
/// </summary>
internal sealed record CapturedSession
{
    public required IReadOnlyList<CapturedVariable> Variables { get; init; }

    public required IReadOnlyList<CapturedFunction> Functions { get; init; }

    /// <summary>Alias names and their targets.</summary>
    public required IReadOnlyDictionary<string, string> Aliases { get; init; }

    /// <summary>Paths.</summary>
    public required IReadOnlyCollection<string> Modules { get; init; }

    /// <summary>A path of the file system.</summary>
    public required string Location { get; init; }

    /// <summary>The version that Set-StrictMode has set; null: off.</summary>
    public Version? StrictMode { get; init; }

    /// <summary>The strictest mode that one of the exit blocks runs in.</summary>
    public PSLanguageMode LanguageMode { get; init; }

    /// <summary>Classes and enumerations of scripts, for a guard.</summary>
    public IReadOnlyList<ScriptText> Types { get; init; } = [];

    /// <summary>The names of those that can't be passed to a guard.</summary>
    public IReadOnlyCollection<string> MissingTypes { get; init; } = [];

    /// <summary>Whether the values are copies, which the engine has not seen yet.</summary>
    public bool AreValuesNew { get; init; }

    /// <summary>Opens a runspace on the calling thread that has all of this.</summary>
    /// <param name="host">Shows what is printed; null: nothing is shown.</param>
    /// <param name="context">The exit context.</param>
    public Runspace CreateRunspace(PSHost? host, ExitContext context)
    {
        // CreateDefault would load assemblies that a host on the bare engine does not have.
        InitialSessionState initial = InitialSessionState.CreateDefault2();
        initial.ThrowOnRunspaceOpenError = false;
        initial.ImportPSModule([.. Modules]);
        Runspace runspace = host is null ? RunspaceFactory.CreateRunspace(initial) : RunspaceFactory.CreateRunspace(host, initial);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        foreach ((string name, string definition) in Aliases)
        {
            EngineInternals.TrySetAlias(runspace, name, definition);
        }

        foreach (CapturedFunction function in Functions)
        {
            Define(runspace, function);
        }

        foreach (CapturedVariable variable in Variables)
        {
            Set(runspace, variable);
        }

        runspace.SessionStateProxy.SetVariable("_", context);
        SetLocation(runspace);
        EngineInternals.SetStrictMode(runspace, StrictMode);

        // This comes last: from here on the session refuses what the caller's refuses.
        if (LanguageMode != PSLanguageMode.FullLanguage)
        {
            runspace.SessionStateProxy.LanguageMode = LanguageMode;
            foreach (CapturedVariable variable in AreValuesNew ? Variables : [])
            {
                EngineInternals.MarkUntrusted(variable.Value);
            }
        }

        return runspace;
    }

    private static void Define(Runspace runspace, CapturedFunction function)
    {
        try
        {
            EngineInternals.TrySetFunction(runspace, function.Name, function.Text.ToScriptBlock(function.LanguageMode));
        }
        catch (RuntimeException)
        {
            // A class that it is based on is not there. A caller of the function gets the error that it does not exist.
        }
    }

    private static void Set(Runspace runspace, CapturedVariable variable)
    {
        if (variable.Options == ScopedItemOptions.None)
        {
            try
            {
                // Preference variables that exist already keep their types so.
                runspace.SessionStateProxy.SetVariable(variable.Name, variable.Value);
                return;
            }
            catch (RuntimeException)
            {
                // Read-only in a new session, such as $PID.
            }
        }

        EngineInternals.TrySetVariable(runspace, new PSVariable(variable.Name, variable.Value, variable.Options));
    }

    /// <summary>
    /// The place is set as it was, also if it has been removed or can't be read: a relative path then leads nowhere, and not
    /// to files of another directory. No wildcards are looked for in it.
    /// </summary>
    private void SetLocation(Runspace runspace)
    {
        PathIntrinsics paths = runspace.SessionStateProxy.Path;
        try
        {
            PSDriveInfo drive = paths.CurrentFileSystemLocation.Drive;
            if (Location.StartsWith(drive.Root, StringComparison.OrdinalIgnoreCase))
            {
                drive.CurrentLocation = Location[drive.Root.Length..].TrimStart(Path.DirectorySeparatorChar);
                runspace.SessionStateProxy.SetVariable("PWD", paths.CurrentLocation);
            }
            else
            {
                paths.SetLocation(WildcardPattern.Escape(Location));
            }
        }
        catch (RuntimeException)
        {
            // Another drive of Windows, which is gone. Exit blocks that name their files in full do not mind.
        }
    }
}
