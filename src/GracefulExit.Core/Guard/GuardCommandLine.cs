using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace GracefulExit.Guard;

/// <summary>
/// How a guard is started: as the shell that is already running, with a start-up hook (<see cref="StartupHook"/>), and with a
/// constant command for a .NET that calls none. Paths are passed as arguments and in the environment, never as part of a script.
/// </summary>
internal static class GuardCommandLine
{
    /// <summary>
    /// Tells the new guard where the module's assembly is. Exit blocks do not see it: they run in the owner's environment.
    /// </summary>
    private const string AssemblyVariable = "GRACEFULEXIT_GUARD_ASSEMBLY";

    /// <summary>The switch in runtimeconfig.json by which another program says that it understands pwsh's command line.</summary>
    private const string HostSwitch = "GracefulExit.Guard.HostIsShell";

    /// <summary>The assemblies that .NET calls at its start, separated as in PATH. A process that is no guard gets the owner's own.</summary>
    private const string HooksVariable = "DOTNET_STARTUP_HOOKS";

    /// <summary>
    /// Switched off at start-up: what takes time (telemetry, the concurrent garbage collector, noting for the next start which
    /// methods were compiled), and what leaves files behind when a process is killed (the sockets of debuggers and of
    /// Enter-PSHostProcess). Exit blocks run in the owner's environment.
    /// </summary>
    private static readonly (string Name, string Value)[] LeanStart =
    [
        ("DOTNET_EnableDiagnostics", "0"),
        ("DOTNET_MultiCoreJitNoProfileGather", "1"),
        ("DOTNET_gcConcurrent", "0"),
        ("DOTNET_gcServer", "0"),
        ("DOTNET_TieredPGO", "0"),
        ("POWERSHELL_DIAGNOSTICS_OPTOUT", "1"),
        ("POWERSHELL_TELEMETRY_OPTOUT", "1"),
        ("POWERSHELL_UPDATECHECK", "Off"),
    ];

    private static string Entry { get; } =
        $"[Reflection.Assembly]::LoadFrom($env:{AssemblyVariable}).GetType('{typeof(GuardSession).FullName}')"
        + $".GetMethod('{nameof(GuardSession.Main)}').Invoke($null, $null)";

    /// <exception cref="GuardFailedException">The path is not known.</exception>
    public static string Executable =>
        System.Environment.ProcessPath ?? throw new GuardFailedException(Messages.GuardFailed(Messages.GuardNoExecutable));

    /// <summary>
    /// Only pwsh is started again as a guard. Another program that hosts PowerShell would do its own work again.
    /// </summary>
    /// <exception cref="GuardFailedException">This process is another program.</exception>
    public static void CheckHost()
    {
        if (!IsPwsh && !(AppContext.TryGetSwitch(HostSwitch, out bool isShell) && isShell))
        {
            throw new GuardFailedException(Messages.GuardFailed(Messages.GuardHostIsNoShell(Assembly.GetEntryAssembly()?.GetName().Name ?? Executable)));
        }
    }

    /// <summary>pwsh.dll is beside the engine, whether pwsh or dotnet has started it.</summary>
    private static bool IsPwsh =>
        Assembly.GetEntryAssembly() is { } entry
        && entry.GetName().Name == "pwsh"
        && Path.GetDirectoryName(entry.Location) == Path.GetDirectoryName(typeof(PSObject).Assembly.Location);

    public static IEnumerable<string> Arguments()
    {
        // "dotnet pwsh.dll": the shell is not the executable but its first argument.
        string[] shell = Path.GetFileNameWithoutExtension(Executable) == "dotnet" ? [Assembly.GetEntryAssembly()!.Location] : [];
        string owner = System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return [.. shell, "-NoProfile", "-NonInteractive", "-Command", $"{Entry} # exit guard of process {owner}"];
    }

    /// <exception cref="GuardFailedException">The module was not loaded from a file.</exception>
    public static Dictionary<string, string> Environment()
    {
        string assembly = typeof(GuardSession).Assembly.Location;
        if (assembly.Length == 0)
        {
            throw new GuardFailedException(Messages.GuardFailed(Messages.GuardNoAssembly));
        }

        Dictionary<string, string> environment = GuardPayload.CurrentEnvironment();
        foreach ((string name, string value) in LeanStart)
        {
            environment[name] = value;
        }

        environment[AssemblyVariable] = assembly;

        // Another program may be a launcher, which would call the hook itself. And a path can't have the separator of paths.
        if (IsPwsh && !assembly.Contains(Path.PathSeparator, StringComparison.Ordinal))
        {
            environment[HooksVariable] = environment.TryGetValue(HooksVariable, out string? others) && others.Length > 0
                ? others + Path.PathSeparator + assembly
                : assembly;
        }

        return environment;
    }
}
