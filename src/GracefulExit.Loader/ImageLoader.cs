using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace GracefulExit;

/// <summary>
/// Loads the image of GracefulExit.Cmdlets.dll that was compiled for this platform, if there is one. The engine, which
/// imports that assembly next, then gets the loaded image: .NET loads no assembly twice, and an image is the same assembly
/// to it (it has the same module version ID). Without an image it gets the one beside this assembly, which .NET compiles
/// as it runs.
/// </summary>
/// <remarks>Threads: the one that imports. This code is itself compiled as it runs: there should be little of it.</remarks>
public sealed class ImageLoader : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport()
    {
        // Nothing is tried that is for another platform: .NET would take it for the assembly of that name, and then refuse it
        // and the one beside this assembly alike.
        string? system = OperatingSystem.IsLinux() ? "linux-" : OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : null;
        string? processor = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            _ => null,
        };
        string location = typeof(ImageLoader).Assembly.Location;
        if (system is null || processor is null || location.Length == 0)
        {
            return;
        }

        try
        {
            _ = Assembly.LoadFrom(Path.Join(Path.GetDirectoryName(location), "runtimes", system + processor, "GracefulExit.Cmdlets.dll"));
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            // There is none, or it is none.
        }
    }
}
