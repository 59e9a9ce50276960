namespace GracefulExit.Guard;

/// <summary>How a guard is started: as the shell that runs already, with a small constant command and no data.</summary>
internal static class GuardCommandLine
{
    /// <summary>
    /// Left out of start-up: what takes time (telemetry, a concurrent collector), and what leaves files behind when a
    /// process is killed (the sockets of debuggers and of Enter-PSHostProcess). Exit blocks run in the owner's environment.
    /// </summary>
    private static readonly (string Name, string Value)[] LeanStart =
    [
        ("DOTNET_EnableDiagnostics", "0"),
        ("DOTNET_gcConcurrent", "0"),
        ("DOTNET_gcServer", "0"),
        ("DOTNET_TieredPGO", "0"),
        ("POWERSHELL_DIAGNOSTICS_OPTOUT", "1"),
        ("POWERSHELL_TELEMETRY_OPTOUT", "1"),
        ("POWERSHELL_UPDATECHECK", "Off"),
    ];

    /// <exception cref="GuardFailedException">It is not known.</exception>
    public static string Executable =>
        System.Environment.ProcessPath ?? throw new GuardFailedException(Messages.GuardFailed(Messages.GuardNoExecutable));

    /// <exception cref="GuardFailedException">The module is in no file.</exception>
    public static IEnumerable<string> Arguments()
    {
        string assembly = typeof(GuardSession).Assembly.Location;
        if (assembly.Length == 0)
        {
            throw new GuardFailedException(Messages.GuardFailed(Messages.GuardNoAssembly));
        }

        // "dotnet pwsh.dll": the executable that runs is not the shell, its first argument is.
        string[] shell = Path.GetFileNameWithoutExtension(Executable) == "dotnet" ? [Path.GetFullPath(System.Environment.GetCommandLineArgs()[0])] : [];
        string entry = $"[Reflection.Assembly]::LoadFrom('{assembly.Replace("'", "''", StringComparison.Ordinal)}')"
            + $".GetType('{typeof(GuardSession).FullName}').GetMethod('{nameof(GuardSession.Main)}').Invoke($null, @($Host))";
        return [.. shell, "-NoProfile", "-NonInteractive", "-Command", $"{entry} # exit guard of process {System.Environment.ProcessId}"];
    }

    public static Dictionary<string, string> Environment()
    {
        Dictionary<string, string> environment = GuardPayload.CurrentEnvironment();
        foreach ((string name, string value) in LeanStart)
        {
            environment[name] = value;
        }

        return environment;
    }
}
