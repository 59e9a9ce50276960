using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// Constant scripts of the module's own, which run in the full language whatever the session's mode is: made in a constrained
/// session, such a script would be refused the user's block. The user's blocks keep their own mode in it.
/// </summary>
internal static class OwnScript
{
    /// <summary>Makes one. The text must hold nothing of a user's.</summary>
    public static ScriptBlock Create(string text) =>
        EngineInternals.WithLanguageMode(ScriptBlock.Create(text), PSLanguageMode.FullLanguage);

    /// <summary>The same for one that is dot-sourced itself: it runs in the mode of the session, whichever that is.</summary>
    public static ScriptBlock CreateWrapper(string text) => EngineInternals.WithLanguageMode(ScriptBlock.Create(text), null);
}
