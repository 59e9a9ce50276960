namespace GracefulExit.Signals;

/// <summary>What the shell of this process does when a script has ended.</summary>
internal static class ShellKind
{
    /// <summary>A shell's prompt runs in the first runspace of the process.</summary>
    public const int MainRunspaceId = 1;

    /// <summary>Parameters of about_Pwsh that take a value and leave the shell with a prompt.</summary>
    private static readonly string[] WithValue =
    [
        "ConfigurationFile", "ConfigurationName", "CustomPipeName", "ExecutionPolicy", "ep", "ex", "InputFormat", "inp", "if",
        "OutputFormat", "o", "of", "PSConsoleFile", "SettingsFile", "settings", "WindowStyle", "w", "WorkingDirectory", "wd", "wo",
    ];

    /// <summary>The same without a value.</summary>
    private static readonly string[] WithoutValue =
        ["NoLogo", "NoProfile", "NoProfileLoadTime", "Interactive", "i", "Login", "l", "nol", "nop", "MTA", "STA", "SSHServerMode"];

    /// <summary>The parameters without a value that leave the shell without a prompt or may.</summary>
    private static readonly string[] OtherSwitches = ["NoExit", "noe", "noex"];

    /// <summary>
    /// Gets a value indicating whether this shell has a prompt. At the end of -File and -Command pwsh runs a pipeline that reads
    /// $?, and would return 1 if that were stopped. When in doubt: no.
    /// </summary>
    public static bool HasPrompt { get; } = !Console.IsInputRedirected && HasPromptWith(Environment.GetCommandLineArgs());

    /// <summary>Gets a value indicating whether SIGQUIT, Ctrl+Break on Windows, ends this shell: with -NonInteractive it does, otherwise it opens the debugger.</summary>
    public static bool EndsOnBreak { get; } = EndsOnBreakWith(Environment.GetCommandLineArgs());

    /// <summary>Decides that from a command line. Its first element is the program.</summary>
    /// <remarks>pwsh takes every beginning of the name from -noni on.</remarks>
    public static bool EndsOnBreakWith(IReadOnlyList<string> commandLine) =>
        FindTelling(commandLine).SkipWhile(static name => OtherSwitches.Contains(name, StringComparer.OrdinalIgnoreCase)).FirstOrDefault()
            is { Length: >= 4 } name && "NonInteractive".StartsWith(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Decides from a command line whether there is a prompt. Its first element is the program.</summary>
    public static bool HasPromptWith(IReadOnlyList<string> commandLine) =>
        FindTelling(commandLine).Select(static name => name.ToUpperInvariant() is "NOEXIT" or "NOE").FirstOrDefault(defaultValue: true);

    /// <summary>
    /// The shell's own parameters but those that leave it with a prompt, by their names, and what is none, the script or command, as
    /// an empty name. What comes after that is not the shell's.
    /// </summary>
    private static IEnumerable<string> FindTelling(IReadOnlyList<string> commandLine)
    {
        // dotnet pwsh.dll …: .NET leaves out its own launcher.
        for (int i = 1; i < commandLine.Count; i++)
        {
            string name = commandLine[i] is ['-' or '/', ..] ? commandLine[i].TrimStart('-', '/') : string.Empty;
            if (WithValue.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                i++;
            }
            else if (!WithoutValue.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return name;
            }
        }
    }
}
