using System.Diagnostics;

namespace GracefulExit.Tests.Harness;

/// <summary>Windows PowerShell as the shell under test: here, on Linux, under Wine.</summary>
/// <remarks><c>dotnet build tests/Windows</c> builds what it needs, and <c>GRACEFULEXIT_TARGET=windows</c> selects it.</remarks>
public static class WindowsTarget
{
    private static readonly TimeSpan WineTimeout = TimeSpan.FromMinutes(2);
    private static readonly Lazy<ShellProcess> Keeper = new(StartKeeper);

    /// <summary>Whether tests run in Windows PowerShell.</summary>
    public static bool IsChosen { get; } =
        string.Equals(Environment.GetEnvironmentVariable("GRACEFULEXIT_TARGET"), "windows", StringComparison.OrdinalIgnoreCase);

    /// <summary>The shell, as Windows sees its path.</summary>
    public static string Shell => Translate(Path.Combine(Files, "pwsh", "pwsh.exe"));

    private static string Files => Path.Combine(Repository.Root, "out", "windows");

    private static string Driver => Path.Combine(Files, "driver", "GracefulExit.Tests.WindowsDriver.exe");

    /// <summary>A path as Windows sees it.</summary>
    public static string Translate(string path) => "Z:" + Path.GetFullPath(path).Replace('/', '\\');

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
        };
        // Without it, the shell creates its own.
        if (variables.TryGetValue("PSModulePath", out string? modules))
        {
            own["PSModulePath"] = Translate(modules);
        }

        return own;
    }

    /// <summary>How to start the driver, in an environment.</summary>
    internal static ShellStart DriverStart(string argument, IReadOnlyDictionary<string, string>? variables, string? directory, bool input) => new()
    {
        FileName = Path.Combine(Repository.Root, "tests", "Windows", "wine.sh"),
        Arguments = [Driver, argument],
        Environment = variables,
        WorkingDirectory = directory,
        Input = input,
        OutputFilter = () => new WindowsText().Filter,
    };

    /// <summary>Starts Wine's own processes before a test needs them, and keeps them running until this process ends.</summary>
    /// <remarks>run.ps1 does this for all test files together.</remarks>
    internal static void KeepWine()
    {
        if (Environment.GetEnvironmentVariable("GRACEFULEXIT_WINE") != "kept")
        {
            _ = Keeper.Value;
        }
    }

    private static ShellProcess StartKeeper()
    {
        if (!File.Exists(Driver))
        {
            throw new HarnessException($"There is no '{Driver}': run 'dotnet build tests/Windows' first.");
        }

        long start = Stopwatch.GetTimestamp();
        var keeper = ShellProcess.Start(DriverStart("keep", CurrentEnvironment.Variables().ToDictionary(), null, input: true));
        return keeper.WaitForLine("ready", WineTimeout) is not null
            ? keeper
            : throw new HarnessException($"Wine did not start within {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: {keeper.ErrorOutput.Text}");
    }
}
