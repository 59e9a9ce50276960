namespace GracefulExit.Signals;

/// <summary>What the shell of this process does when a script has ended.</summary>
internal static class ShellKind
{
    /// <summary>The runspace that a shell's prompt runs in is the first of the process.</summary>
    public const int MainRunspaceId = 1;

    /// <summary>Parameters of about_Pwsh that take a value and leave the shell with a prompt.</summary>
    private static readonly string[] WithValue =
    [
        "ConfigurationFile", "ConfigurationName", "CustomPipeName", "ExecutionPolicy", "ep", "ex", "InputFormat", "inp", "if",
        "OutputFormat", "o", "of", "PSConsoleFile", "SettingsFile", "settings", "WindowStyle", "w", "WorkingDirectory", "wd", "wo",
    ];

    /// <summary>Those without a value.</summary>
    private static readonly string[] WithoutValue =
        ["NoLogo", "NoProfile", "NoProfileLoadTime", "Interactive", "i", "Login", "l", "nol", "nop", "MTA", "STA", "SSHServerMode"];

    /// <summary>
    /// Gets a value indicating whether this shell comes to a prompt at all. At the end of -File and -Command pwsh runs a
    /// pipeline that asks for $?, and would return 1 if that were stopped. When in doubt: no.
    /// </summary>
    public static bool HasPrompt { get; } = !Console.IsInputRedirected && HasPromptWith(Environment.GetCommandLineArgs());

    /// <summary>Decides it by a command line, the first argument of which is the program.</summary>
    public static bool HasPromptWith(IReadOnlyList<string> commandLine)
    {
        // dotnet pwsh.dll …: .NET leaves its own launcher out.
        for (int i = 1; i < commandLine.Count; i++)
        {
            if (commandLine[i] is not ['-' or '/', ..] || commandLine[i] == "-")
            {
                return false;
            }

            string name = commandLine[i].TrimStart('-', '/');
            if (name.Equals("NoExit", StringComparison.OrdinalIgnoreCase) || name.Equals("noe", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            if (WithValue.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                i++;
            }
            else if (!WithoutValue.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }
}
