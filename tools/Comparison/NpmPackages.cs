using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Comparison;

/// <summary>The packages of <c>npm/package.json</c>, which npm installs into <c>out/comparison</c>.</summary>
internal static class NpmPackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string[] Files = ["package.json", "package-lock.json", "package.mjs"];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["close-with-grace", "signal-exit", "exit-hook"];

    /// <summary>The program that uses one of them, beside <c>node_modules</c>.</summary>
    public static string Program { get; } = Path.Combine(Folder, "package.mjs");

    private static string Folder => Path.Combine(Repository.Root, "out", "comparison");

    /// <summary>Installs them. Without npm, or without its registry, they have no values.</summary>
    /// <returns>Whether they are there.</returns>
    public static bool TryInstall()
    {
        if (!Peer.IsHere("npm"))
        {
            return false;
        }

        Directory.CreateDirectory(Folder);
        foreach (string file in Files)
        {
            File.Copy(Path.Combine(Repository.Root, "tools", "Comparison", "npm", file), Path.Combine(Folder, file), overwrite: true);
        }

        using ShellProcess npm = ShellProcess.Start(new ShellStart
        {
            FileName = "npm",
            Arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            WorkingDirectory = Folder,
        });
        bool isInstalled = npm.WaitForExit(Patience) is { Code: 0 };
        if (!isInstalled)
        {
            Console.WriteLine($"npm: {npm.ErrorOutput.Text}");
        }

        return isInstalled;
    }
}
