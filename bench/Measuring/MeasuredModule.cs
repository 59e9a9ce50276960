using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace GracefulExit.Bench.Measuring;

/// <summary>The module that is measured.</summary>
/// <param name="Manifest">What scripts import.</param>
/// <param name="Assembly">The assembly that it loads.</param>
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
        string image = Path.Combine(manifest.DirectoryName!, "runtimes", platform, "GracefulExit.Cmdlets.dll");
        return new MeasuredModule(manifest.FullName, File.Exists(image) ? image : Path.Combine(manifest.DirectoryName!, "GracefulExit.Cmdlets.dll"));
    }
}
