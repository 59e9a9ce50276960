namespace GracefulExit.Tests.Harness;

/// <summary>The temporary directory of one run. It is removed afterwards.</summary>
public sealed class RunDirectory : IDisposable
{
    // Shared by all runs of this process: with an empty cache each start of pwsh is slower and each command look-up much slower.
    private static readonly Lazy<string> SharedCache = new(() => CreateShared("gx-cache-"));
    private static readonly Lazy<string> SharedModulePath = new(CreateModulePath);

    public RunDirectory()
    {
        // Short: tests create sockets in it, whose paths may have only about 100 characters.
        Path = Directory.CreateTempSubdirectory("gx-").FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "home"));
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "tmp"));
    }

    /// <summary>The cache directory of the shells under test.</summary>
    public static string Cache => SharedCache.Value;

    /// <summary>A module path with the module under test and nothing else.</summary>
    public static string ModulePath => SharedModulePath.Value;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Delete(Path);

    private static string CreateModulePath()
    {
        string path = CreateShared("gx-modules-");
        string module = System.IO.Path.Combine(path, "GracefulExit");
        if (OperatingSystem.IsWindows())
        {
            // There, not everybody may make a link.
            Copy(Repository.Module, module);
        }
        else
        {
            Directory.CreateSymbolicLink(module, Repository.Module);
        }

        return path;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }

        foreach (string directory in Directory.EnumerateDirectories(from))
        {
            Copy(directory, System.IO.Path.Combine(to, System.IO.Path.GetFileName(directory)));
        }
    }

    private static string CreateShared(string prefix)
    {
        string path = Directory.CreateTempSubdirectory(prefix).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(path);
        return path;
    }

    private static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something is still writing there. The system will clear its temporary directory.
        }
    }
}
