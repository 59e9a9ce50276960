using System.Diagnostics;

namespace GracefulExit.Tests.Harness;

/// <summary>Windows PowerShell as the shell under test: on Windows, and on Linux under Wine.</summary>
/// <remarks><c>dotnet build tests/Windows</c> builds what it needs. On Linux, <c>GRACEFULEXIT_TARGET=windows</c> selects it.</remarks>
public static class WindowsTarget
{
    private static readonly TimeSpan WineTimeout = TimeSpan.FromMinutes(2);
    private static readonly Lazy<IChildProcess> Keeper = new(StartKeeper);

    /// <summary>Whether tests run in Windows PowerShell.</summary>
    public static bool IsChosen { get; } = OperatingSystem.IsWindows() ||
        string.Equals(Environment.GetEnvironmentVariable("GRACEFULEXIT_TARGET"), "windows", StringComparison.OrdinalIgnoreCase);

    /// <summary>The shell, as Windows sees its path.</summary>
    public static string Shell => Translate(Path.Combine(Files, "pwsh", "pwsh.exe"));

    private static string Files => Path.Combine(Repository.Root, "out", "windows");

    private static string Driver => Path.Combine(Files, "driver", "GracefulExit.Tests.WindowsDriver.exe");

    /// <summary>A path as Windows sees it.</summary>
    public static string Translate(string path) =>
        OperatingSystem.IsWindows() ? Path.GetFullPath(path) : "Z:" + Path.GetFullPath(path).Replace('/', '\\');

    /// <summary>What Windows needs in addition to, or in place of, the environment of every shell under test.</summary>
    internal static Dictionary<string, string> Variables(IReadOnlyDictionary<string, string> variables, string temp)
    {
        string windowsTemp = Translate(Path.Combine(temp, "tmp"));
        var own = new Dictionary<string, string>
        {
            ["GRACEFULEXIT_MODULE"] = Translate(variables["GRACEFULEXIT_MODULE"]),
            ["GRACEFULEXIT_HARNESS"] = Translate(variables["GRACEFULEXIT_HARNESS"]),
            ["TEST_TEMP"] = Translate(temp),
            // Wine sets these by itself.
            ["TEMP"] = windowsTemp,
            ["TMP"] = windowsTemp,
            // The same .NET here and there.
            ["DOTNET_ROOT"] = Translate(Path.Combine(Files, "dotnet")),
        };
        // Without it, the shell creates its own.
        if (variables.TryGetValue("PSModulePath", out string? modules))
        {
            own["PSModulePath"] = Translate(modules);
        }

        return own;
    }

    /// <summary>Starts the driver, in an environment: a Windows program with the test's streams.</summary>
    /// <param name="argument">The driver's argument.</param>
    /// <param name="variables">Its environment.</param>
    /// <param name="directory">The directory that it starts in; null: that of this process.</param>
    /// <param name="input">Whether standard input is a pipe; otherwise it is empty.</param>
    internal static IChildProcess StartDriver(string argument, IReadOnlyDictionary<string, string> variables, string? directory, bool input)
    {
        if (!File.Exists(Driver))
        {
            throw new HarnessException($"There is no '{Driver}': run 'dotnet build tests/Windows' first.");
        }

        var start = new ShellStart
        {
            FileName = Driver,
            Arguments = [argument],
            Environment = variables,
            WorkingDirectory = directory,
            Input = input,
            OutputFilter = () => new WindowsText().Filter,
        };
        return OperatingSystem.IsWindows()
            ? new DriverProcess(start)
            : ShellProcess.Start(start with { FileName = Path.Combine(Repository.Root, "tests", "Windows", "wine.sh"), Arguments = [Driver, argument] });
    }

    /// <summary>Starts Wine's own processes before a test needs them, and keeps them running until this process ends.</summary>
    /// <remarks>run.ps1 does this for all test files together. Windows has none.</remarks>
    internal static void KeepWine()
    {
        if (!OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("GRACEFULEXIT_WINE") != "kept")
        {
            _ = Keeper.Value;
        }
    }

    private static IChildProcess StartKeeper()
    {
        long start = Stopwatch.GetTimestamp();
        var keeper = StartDriver("keep", CurrentEnvironment.Variables(), null, input: true);
        return keeper.Output.WaitForLine("ready", WineTimeout) is not null
            ? keeper
            : throw new HarnessException($"Wine did not start within {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: {keeper.ErrorOutput.Text}");
    }
}
