using System.Diagnostics;
using System.Runtime.InteropServices;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Measuring;

/// <summary>Where the numbers come from.</summary>
internal sealed record Machine(string Processor, int Cores, string System, string Framework, IReadOnlyDictionary<string, string> Programs)
{
    /// <summary>This one.</summary>
    public static Machine Describe(IEnumerable<ShellUnderTest> shells)
    {
        var programs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var shell in shells)
        {
            string directory = Path.GetDirectoryName(File.ResolveLinkTarget(shell.Path, returnFinalTarget: true)?.FullName ?? shell.Path)!;
            string engine = Path.Combine(directory, "System.Management.Automation.dll");
            string code = File.Exists(engine) ? $" (engine {Build.CodeOf(engine)})" : "";
            programs[shell.Name] = Ask(shell.Path, "--version").Replace("PowerShell ", "", StringComparison.Ordinal) + code;
        }

        foreach (var (name, arguments) in new (string, string[])[] { ("node", ["--version"]), ("python3", ["--version"]), ("bash", ["-c", "echo $BASH_VERSION"]) })
        {
            if (Workbench.Find(name) is { } path)
            {
                programs[name] = Ask(path, arguments).TrimStart('v').Replace("Python ", "", StringComparison.Ordinal);
            }
        }

        return new Machine(ReadProcessor(), Environment.ProcessorCount, ReadSystem(), RuntimeInformation.FrameworkDescription, programs);
    }

    private static string ReadProcessor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown"
        : Ask("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string");

    private static string ReadSystem()
    {
        string? name = File.Exists("/etc/os-release")
            ? File.ReadLines("/etc/os-release").FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?.Split('=', 2)[1].Trim('"')
            : null;
        return $"{name ?? RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}";
    }

    // The first line that it prints.
    private static string Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Split('\n')[0].Trim();
    }
}
