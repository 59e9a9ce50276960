using System.Diagnostics;
using System.Reflection.PortableExecutable;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Measuring;

/// <summary>What has to be built before it can be measured.</summary>
internal static class Build
{
    /// <summary>Where everything lands.</summary>
    public static string Output { get; } = Path.Combine(Repository.Root, "out", "bench");

    /// <summary>The manifest of the empty module, built along with this program.</summary>
    public static string EmptyManifest { get; } = Path.Combine(Output, "Empty", "Empty.psd1");

    /// <summary>The module as people install it.</summary>
    public static string Package()
    {
        Console.WriteLine("packing the module");
        Dotnet("build", Path.Combine("src", "GracefulExit.Cmdlets"), "--configuration", "Release", "--target:PackModule");
        return Path.Combine(Repository.Root, "out", "package", "GracefulExit");
    }

    /// <summary>Whether an assembly is compiled before it runs.</summary>
    public static string CodeOf(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        return reader.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 } ? "ready-to-run" : "IL only";
    }

    private static void Dotnet(params string[] arguments)
    {
        // A build server would outlive the build and be measured along.
        var start = new ProcessStartInfo("dotnet", [.. arguments, "--nologo", "--verbosity", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
        };
        // Set by `dotnet run` for its own sake.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed.");
        }
    }
}
