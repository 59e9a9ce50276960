namespace GracefulExit.Tests.Driver;

/// <summary>Where things are in this repository.</summary>
public static class Repository
{
    /// <summary>The root: the nearest directory above this assembly with the solution in it.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The table of scenarios.</summary>
    public static string ScenarioTable => Path.Combine(Root, "tests", "Scenarios", "scenarios.json");

    /// <summary>The module under test: what the build leaves, or what <c>GRACEFULEXIT_MODULE</c> names, such as a packed module.</summary>
    public static string Module => Overridden("GRACEFULEXIT_MODULE") ?? Path.Combine(Root, "out", "GracefulExit");

    /// <summary>The host built from <c>tests/EngineHost</c>, or what <c>GRACEFULEXIT_ENGINEHOST</c> names.</summary>
    public static string EngineHost =>
        Overridden("GRACEFULEXIT_ENGINEHOST") ?? Path.Combine(Root, "out", "artifacts", "bin", "EngineHost", Flavour, "EngineHost");

    // Projects are built side by side: "release" or "debug" is the name of this assembly's own directory.
    private static string Flavour => Path.GetFileName(Path.GetDirectoryName(typeof(Repository).Assembly.Location)) ?? "release";

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

        throw new InvalidOperationException("The driver is not inside the repository.");
    }
}
