using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using GracefulExit.Engine;

namespace GracefulExit.Rescue;

/// <summary>A variable that exit blocks need.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The same object in a rescue, a copy in a guard.</param>
/// <param name="Options">The options that the copy keeps: read-only and constant.</param>
internal sealed record CapturedVariable(string Name, object? Value, ScopedItemOptions Options = ScopedItemOptions.None);

/// <summary>A function that exit blocks need.</summary>
/// <param name="Name">Its name. It never becomes part of a script.</param>
/// <param name="Text">Its definition.</param>
/// <param name="LanguageMode">The mode in which it runs wherever it is called; null: its caller's.</param>
internal sealed record CapturedFunction(string Name, ScriptText Text, PSLanguageMode? LanguageMode);

/// <summary>
/// What exit blocks need from their own session in order to run in another runspace: what they name, and the settings that
/// make the session safe, whether they name them or not.
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

    /// <summary>The strictest mode of any of the exit blocks.</summary>
    public PSLanguageMode LanguageMode { get; init; }

    /// <summary>Classes and enumerations of scripts, for a guard.</summary>
    public IReadOnlyList<ScriptText> Types { get; init; } = [];

    /// <summary>The names of classes and enumerations that can't be passed to a guard.</summary>
    public IReadOnlyCollection<string> MissingTypes { get; init; } = [];

    /// <summary>Whether the values are copies, which the engine does not know yet.</summary>
    public bool AreValuesNew { get; init; }

    /// <summary>Opens a runspace on the calling thread that has all of this.</summary>
    /// <param name="host">Shows the output; null: nothing is shown.</param>
    /// <param name="context">The exit context.</param>
    public Runspace CreateRunspace(PSHost? host, ExitContext context)
    {
        // CreateDefault would load assemblies that a program with only the engine package does not have.
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

        // This comes last: from here on the session refuses whatever the caller's session refuses.
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
            // A base class is missing. Whoever calls the function gets the error that it does not exist.
        }
    }

    private static void Set(Runspace runspace, CapturedVariable variable)
    {
        if (variable.Options == ScopedItemOptions.None)
        {
            try
            {
                // In this way preference variables that already exist keep their types.
                runspace.SessionStateProxy.SetVariable(variable.Name, variable.Value);
                return;
            }
            catch (RuntimeException)
            {
                // The variable is read-only in a new session, such as $PID.
            }
        }

        EngineInternals.TrySetVariable(runspace, new PSVariable(variable.Name, variable.Value, variable.Options));
    }

    /// <summary>
    /// Sets the same location, even if the directory was removed or can't be read: a relative path then leads nowhere, rather than
    /// to files in another directory. Wildcards are not expanded.
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
            // The location was on another drive on Windows, which is gone. Exit blocks with full paths are not affected.
        }
    }
}
