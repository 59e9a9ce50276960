namespace GracefulExit.Tests.Driver;

/// <summary>The temporary directory of one run; it is gone afterwards.</summary>
internal sealed class ScenarioTemp : IDisposable
{
    // Shared by all runs of this process: with an empty cache each start of pwsh is slower and each command look-up much slower.
    private static readonly Lazy<string> SharedCache = new(CreateCache);

    public ScenarioTemp()
    {
        // Short: sockets are made in it, whose paths may have no more than some 100 characters.
        Path = Directory.CreateTempSubdirectory("gx-").FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "home"));
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "tmp"));
    }

    public static string Cache => SharedCache.Value;

    public string Path { get; }

    public void Dispose() => Delete(Path);

    private static string CreateCache()
    {
        string path = Directory.CreateTempSubdirectory("gx-cache-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(path);
        return path;
    }

    private static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // Something is still being written there; the system clears its temporary directory.
        }
    }
}
