using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace GracefulExit;

/// <summary>
/// Loads GracefulExit.Core.dll when the module is imported: the image that is compiled for this platform, and if there is none,
/// the assembly beside this one, which .NET compiles as it runs. An image is the same assembly to .NET (it has the same module
/// version ID), and .NET loads no assembly twice: whatever names it later gets the one that is loaded.
/// </summary>
/// <remarks>
/// Threads: the one that imports. The engine calls this after it has listed the types of this assembly. So no public class here
/// may have a field of one of the core's value types, or derive from one of its classes: .NET would look for the core then, and
/// find the one beside this assembly. This code is itself compiled as it runs: there should be little of it.
/// </remarks>
public sealed class CoreLoader : IModuleAssemblyInitializer
{
    private const string CoreFile = "GracefulExit.Core.dll";

    /// <inheritdoc/>
    public void OnImport()
    {
        string location = typeof(CoreLoader).Assembly.Location;
        if (location.Length == 0)
        {
            // Loaded from bytes, by somebody who has to load the core too.
            return;
        }

        string? directory = Path.GetDirectoryName(location);

        // Nothing is tried that is for another platform: .NET would take it for the assembly of that name, and then refuse it
        // and the one beside this assembly alike.
        string? system = OperatingSystem.IsLinux() ? "linux-" : OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : null;
        string? processor = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            _ => null,
        };
        if (system is not null && processor is not null)
        {
            try
            {
                _ = Assembly.LoadFrom(Path.Join(directory, "runtimes", system + processor, CoreFile));
                return;
            }
            catch (Exception exception) when (exception is IOException or BadImageFormatException or UnauthorizedAccessException)
            {
                // There is none, or it is none.
            }
        }

        // Now and not when a cmdlet first needs it: a script may name its types before.
        _ = Assembly.LoadFrom(Path.Join(directory, CoreFile));
    }
}
