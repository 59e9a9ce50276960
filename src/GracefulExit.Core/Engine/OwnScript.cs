using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// The module's own constant scripts. They run in full language mode whatever the session's mode is: a script of a constrained
/// session could not run the user's block. The user's blocks keep their own mode in it.
/// </summary>
internal static class OwnScript
{
    /// <summary>Creates a script. The text must not contain anything from a user.</summary>
    public static ScriptBlock Create(string text) =>
        EngineInternals.WithLanguageMode(ScriptBlock.Create(text), PSLanguageMode.FullLanguage);

    /// <summary>The same for a script that is itself dot-sourced: it runs in the session's mode.</summary>
    public static ScriptBlock CreateWrapper(string text) => EngineInternals.WithLanguageMode(ScriptBlock.Create(text), null);
}
