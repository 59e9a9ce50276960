using System.Runtime.InteropServices;

namespace GracefulExit.Tests.Harness;

/// <summary>The environment of shells under test: the same on every machine, as far as we control it.</summary>
public static class ChildEnvironment
{
    // Settings of the user who runs the tests that would change what is tested.
    private static readonly string[] Dropped =
        ["DOTNET_", "COMPlus_", "POWERSHELL", "PSModulePath", "XDG_", "LC_", "COLUMNS", "LINES", "NOTIFY_SOCKET", "MSBUILD", "VSTEST", "TESTINGPLATFORM", "COREHOST"];

    /// <summary>The environment for a run.</summary>
    /// <param name="run">Marks the run's processes.</param>
    /// <param name="temp">The run's temporary directory.</param>
    /// <param name="cache">The shell's cache directory, which outlives the run.</param>
    /// <param name="terminal">Whether the child has a terminal.</param>
    public static Dictionary<string, string> Create(string run, string temp, string cache, bool terminal)
    {
        var variables = CurrentEnvironment.Variables()
            .Where(pair => !Array.Exists(Dropped, prefix => pair.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .ToDictionary(CurrentEnvironment.Names);

        variables[ProcessTable.RunVariable] = run;
        variables["GRACEFULEXIT_MODULE"] = Repository.Module;
        variables["GRACEFULEXIT_HARNESS"] = typeof(ChildEnvironment).Assembly.Location;
        variables["TEST_TEMP"] = temp;

        variables["HOME"] = Path.Combine(temp, "home");
        variables["TMPDIR"] = Path.Combine(temp, "tmp");
        variables["XDG_CONFIG_HOME"] = Path.Combine(temp, "home", ".config");
        variables["XDG_DATA_HOME"] = Path.Combine(temp, "home", ".local", "share");
        variables["XDG_CACHE_HOME"] = cache;

        variables["LANG"] = "C.UTF-8";
        variables["NO_COLOR"] = "1";
        variables["TERM"] = terminal ? "xterm" : "dumb";
        variables["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        variables["POWERSHELL_UPDATECHECK"] = "Off";
        if (DotnetRoot() is { } root)
        {
            variables["DOTNET_ROOT"] = root;
        }

        return variables;
    }

    /// <summary>Lets a shell start with three quarters of the processor time; torture and bench run as users do.</summary>
    /// <remarks>
    /// .NET need not map each page of code twice, nor write down at the end which methods were compiled, so that the next shell
    /// compiles them on a thread of its own. That changes when code is compiled, and nothing that it does.
    /// </remarks>
    public static void StartFaster(Dictionary<string, string> variables)
    {
        variables["DOTNET_EnableWriteXorExecute"] = "0";
        variables["DOTNET_MultiCoreJitNoProfileGather"] = "1";
    }

    // Programs find a .NET outside the well-known directories only through this variable.
    private static string? DotnetRoot()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } given)
        {
            return given;
        }

        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Directory.Exists(Path.Combine(root, "host", "fxr")) ? root : null;
    }
}
