using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Comparison;

/// <summary>A way to clean up: a small program that gets the situation as an argument.</summary>
/// <param name="Title">The column's title.</param>
/// <param name="Program">The executable.</param>
/// <param name="Arguments">Its arguments. The situation comes after them, but before <c>-Guard</c>.</param>
/// <param name="HasExitFromThread">Whether a thread of such a program can end the process.</param>
internal sealed record Peer(string Title, string Program, IReadOnlyList<string> Arguments, bool HasExitFromThread = true)
{
    // The start of a shell on a busy machine, under Wine too.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    // What the tables call "not within 10 s".
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    /// <summary>In PowerShell.</summary>
    public static IReadOnlyList<Peer> PowerShell { get; } =
    [
        Script("`try`/`finally`", "try-finally.ps1"),
        Script("`trap`", "trap.ps1"),
        Script("`clean {}`", "clean-block.ps1"),
        Script("`PowerShell.Exiting`", "exiting-event.ps1"),
        Script("`Use-ExitHandler`", "gracefulexit.ps1"),
        Script("`Register-ExitHandler`", "registered.ps1"),
        Script("`Use-ExitHandler -Guard`", "gracefulexit.ps1", "-Guard"),
    ];

    /// <summary>In other languages.</summary>
    public static IReadOnlyList<Peer> Others { get; } =
    [
        new("bash `trap … EXIT`", "bash", [File("bash_trap.sh")], HasExitFromThread: false),
        new("Python `atexit`", "python3", [File("python_atexit.py")]),
        new("Python `contextlib.ExitStack`", "python3", [File("python_contextlib.py")]),
        new("Python, the recipe's way", "python3", [File("python_recipe.py")]),
        new("Java shutdown hook", "java", [File("ShutdownHook.java")]),
        new(".NET `ProcessExit`", "dotnet", [typeof(Peer).Assembly.Location, "dotnet"]),
    ];

    /// <summary>In Node, and with packages from npm, which this installs.</summary>
    public static IReadOnlyList<Peer> FindNode() =>
    [
        new("Node `process.on('exit')` and signals", "node", [File("node_exit.js")], HasExitFromThread: false),
        .. NpmPackages.TryInstall() ? NpmPackages.Names.Select(Package) : [],
    ];

    /// <summary>Runs it once.</summary>
    /// <returns>Null if there is no such thing, or the program is not on this machine.</returns>
    public Outcome? Measure(Situation situation)
    {
        if (!IsHere(Program) || (situation.Argument == "thread" && !HasExitFromThread))
        {
            return null;
        }

        string temp = Directory.CreateTempSubdirectory("gx-comparison-").FullName;
        try
        {
            Dictionary<string, string> variables = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp, RunDirectory.Cache, terminal: false);
            Directory.CreateDirectory(variables["TMPDIR"]);
            ShellStart start = new()
            {
                FileName = Program,
                Arguments = [.. Arguments.Take(ArgumentsBefore), situation.Argument, .. Arguments.Skip(ArgumentsBefore)],
                Environment = variables,
                WorkingDirectory = temp,
            };
            using IShellProcess process = WindowsTarget.IsChosen
                ? new WindowsShellProcess(start, WindowsTarget.Variables(variables, temp))
                : ShellProcess.Start(start);
            return Follow(process, situation);
        }
        finally
        {
            Directory.Delete(temp, recursive: true);
        }
    }

    /// <summary>Whether a program is on this machine.</summary>
    public static bool IsHere(string program) => WindowsTarget.IsChosen || Path.IsPathRooted(program)
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => System.IO.File.Exists(Path.Combine(directory, program)));

    // The situation comes first among the script's own arguments.
    private int ArgumentsBefore => Arguments.Count > 0 && Arguments[^1] == "-Guard" ? Arguments.Count - 1 : Arguments.Count;

    private static Outcome Follow(IShellProcess process, Situation situation)
    {
        if (situation.Signal is not null)
        {
            if (process.Output.WaitForLine("ready", StartTimeout) is null)
            {
                throw new InvalidOperationException($"not ready: {process.Output.Text}{process.ErrorOutput.Text}");
            }

            process.Signal(situation.Signal);
        }

        if (situation.SecondSignal is not null && process.Output.WaitForLine("clean-up", EndTimeout) is not null)
        {
            process.Signal(situation.SecondSignal);
        }

        ExitStatus? status = process.WaitForExit(situation.Signal is null ? StartTimeout : EndTimeout);
        // A guard writes when its owner is gone.
        process.Output.WaitForEnd(status is null ? TimeSpan.Zero : StartTimeout);
        string[] lines = [.. process.Output.Lines.Select(line => line.Text)];
        return new Outcome(lines.Count(line => line == "clean-up"), lines.Count(line => line == "cleaned up"), lines.Contains("caller goes on"), status);
    }

    private static Peer Script(string title, string file, params string[] arguments) =>
        new(title, Repository.Shell, ["-NoProfile", "-NonInteractive", "-File", File(file), .. arguments]);

    private static Peer Package(string name) => new($"`{name}`", "node", [NpmPackages.Program, name], HasExitFromThread: false);

    private static string File(string name)
    {
        string path = Path.Combine(Repository.Root, "tools", "Comparison", "programs", name);
        return WindowsTarget.IsChosen ? WindowsTarget.Translate(path) : path;
    }
}
