using System.Reflection.PortableExecutable;
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
            using var stream = File.OpenRead(Assembly);
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream))[..12];
            stream.Position = 0;
            using var reader = new PEReader(stream);
            bool isReadyToRun = reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
            return $"{Path.GetFileName(Assembly)}, {stream.Length / 1024} KiB, {(isReadyToRun ? "ready-to-run" : "IL only")}, SHA-256 {hash}…";
        }
    }

    /// <summary>The module in a directory, which may have a directory for each version.</summary>
    public static MeasuredModule In(string directory)
    {
        var manifest = new DirectoryInfo(directory).EnumerateFiles("GracefulExit.psd1", SearchOption.AllDirectories).MaxBy(file => file.LastWriteTimeUtc)
            ?? throw new InvalidOperationException($"There is no GracefulExit.psd1 in {directory}.");
        return new MeasuredModule(manifest.FullName, Path.Combine(manifest.DirectoryName!, "GracefulExit.Cmdlets.dll"));
    }
}
