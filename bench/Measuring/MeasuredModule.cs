using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace GracefulExit.Bench.Measuring;

/// <summary>The module that is measured.</summary>
/// <param name="Manifest">What scripts import.</param>
/// <param name="Assembly">The assembly with most of its code.</param>
internal sealed record MeasuredModule(string Manifest, string Assembly)
{
    /// <summary>What tells it from other builds.</summary>
    public string Description
    {
        get
        {
            byte[] bytes = File.ReadAllBytes(Assembly);
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
            return $"{Path.GetFileName(Assembly)}, {bytes.Length / 1024} KiB, {Build.CodeOf(Assembly)}, SHA-256 {hash}…";
        }
    }

    /// <summary>The module in a directory, which may have a directory for each version.</summary>
    public static MeasuredModule In(string directory)
    {
        var manifest = new DirectoryInfo(directory).EnumerateFiles("GracefulExit.psd1", SearchOption.AllDirectories).MaxBy(file => file.LastWriteTimeUtc)
            ?? throw new InvalidOperationException($"There is no GracefulExit.psd1 in {directory}.");
        string platform = $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();
        // The core, compiled or not; older builds have it all in one.
        string[] assemblies = [Path.Combine("runtimes", platform, "GracefulExit.Core.dll"), "GracefulExit.Core.dll", Path.Combine("runtimes", platform, "GracefulExit.Cmdlets.dll"), "GracefulExit.Cmdlets.dll"];
        return new MeasuredModule(manifest.FullName, assemblies.Select(name => Path.Combine(manifest.DirectoryName!, name)).First(File.Exists));
    }
}
