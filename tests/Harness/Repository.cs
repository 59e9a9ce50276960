namespace GracefulExit.Tests.Harness;

/// <summary>Where things are in this repository.</summary>
public static class Repository
{
    /// <summary>The root: the nearest directory above this assembly with the solution in it.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The module under test: the output of the build, or what <c>GRACEFULEXIT_MODULE</c> names, such as a packed module.</summary>
    public static string Module => Overridden("GRACEFULEXIT_MODULE") ?? Path.Combine(Root, "out", "GracefulExit");

    /// <summary>The shell under test: the output of <c>tests/Shell</c>, or what <c>GRACEFULEXIT_PWSH</c> names.</summary>
    public static string Shell => WindowsTarget.IsChosen ? WindowsTarget.Shell : Overridden("GRACEFULEXIT_PWSH") ?? Path.Combine(Root, "out", "shell", "pwsh");

    private static string? Overridden(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    private static string FindRoot()
    {
        for (var directory = Path.GetDirectoryName(typeof(Repository).Assembly.Location); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "GracefulExit.slnx")))
            {
                return directory;
            }
        }

        throw new InvalidOperationException("The harness is not inside the repository.");
    }
}
