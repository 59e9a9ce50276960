using System.Diagnostics;
using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Module;

/// <summary>Packs what the build has left, twice, into directories of its own.</summary>
public sealed class PackageFixture : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gx-package-").FullName;

    public PackageFixture()
    {
        First = Pack("first");
        Second = Pack("second");
    }

    public string First { get; }

    public string Second { get; }

    /// <summary>The first package, unpacked as a module path has it: GracefulExit/version/.</summary>
    public string ModulePath => Path.Combine(_root, "first", "package");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Pack(string name)
    {
        string directory = Path.Combine(_root, name) + Path.DirectorySeparatorChar;
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name == "debug" ? "Debug" : "Release";
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                "msbuild", Path.Combine(Repository.Root, "src", "GracefulExit.Cmdlets"), "-nologo", "-verbosity:quiet", "-nodeReuse:false",
                "-target:PackModule", "-property:NoBuild=true", $"-property:Configuration={configuration}", $"-property:PackageOutputPath={directory}",
            },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return Assert.Single(Directory.GetFiles(directory, "*.nupkg"));
    }
}
