using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Measuring;

/// <summary>What a row measures with: the shells, the module, and how to start a process.</summary>
internal sealed class Workbench : IDisposable
{
    /// <summary>For anything that should happen soon, on a machine that may be busy.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly RunDirectory _temp = new();
    private readonly Dictionary<string, string> _environment;

    public Workbench(Options options, MeasuredModule module, MeasuredModule? old, IReadOnlyList<ShellUnderTest> shells)
    {
        Builds = old is null ? [new("", module)] : [new("", module), new(", old build", old)];
        Options = options;
        Module = module;
        Shells = shells;
        _environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), _temp.Path, RunDirectory.Cache, terminal: false);
    }

    public Options Options { get; }

    public MeasuredModule Module { get; }

    /// <summary>The module, and the build that it is compared with.</summary>
    public IReadOnlyList<MeasuredBuild> Builds { get; }

    public IReadOnlyList<ShellUnderTest> Shells { get; }

    /// <summary>A script of <c>bench/scripts</c> in a shell.</summary>
    public static Subject Script(ShellUnderTest shell, string name, string script, params string[] arguments) =>
        new(name, shell.Path, ["-NoProfile", "-NonInteractive", "-File", Path.Combine(Repository.Root, "bench", "scripts", script), .. arguments]) { Shell = shell.Name };

    /// <summary>A script of <c>bench/peers</c>; null if its interpreter is not installed.</summary>
    public static Subject? Peer(string name, string interpreter, string script) =>
        Find(interpreter) is { } path ? new Subject(name, path, [Path.Combine(Repository.Root, "bench", "peers", script)]) : null;

    /// <summary>The full path of a program in PATH.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts a process of a subject.</summary>
    public ShellProcess Start(Subject subject) => ShellProcess.Start(new ShellStart
    {
        FileName = subject.FileName,
        Arguments = subject.Arguments,
        Environment = _environment,
        WorkingDirectory = _temp.Path,
    });

    /// <summary>Runs a process of a subject to its end and returns what it wrote.</summary>
    public IReadOnlyList<string> Run(Subject subject)
    {
        using var process = Start(subject);
        return Finish(subject, process);
    }

    /// <summary>Waits for the end of a process and returns what it wrote.</summary>
    public static IReadOnlyList<string> Finish(Subject subject, ShellProcess process)
    {
        var status = process.WaitForExit(Limit);
        _ = process.Output.WaitForEnd(Limit);

        // A shell that Ctrl+C has stopped is free to say so by its status.
        return status is { Code: 0 } || (status is { Code: not null } && subject.Signal == "SIGINT")
            ? [.. process.Output.Lines.Select(line => line.Text)]
            : throw Failure(subject, process, status is null ? "does not end" : $"ended with {status}");
    }

    /// <summary>Waits until a process says that it is ready.</summary>
    public static OutputLine WaitUntilReady(Subject subject, ShellProcess process) =>
        process.WaitForLine("ready", Limit) ?? throw Failure(subject, process, "does not get ready");

    /// <summary>The number in the one line that begins with a word.</summary>
    public static double Number(IReadOnlyList<string> lines, string word) =>
        double.Parse(lines.Single(line => line.StartsWith(word + " ", StringComparison.Ordinal))[(word.Length + 1)..]);

    /// <summary>Lines of a word and a number.</summary>
    public static IEnumerable<(string Word, double Number)> Numbers(IEnumerable<string> lines) =>
        lines.Select(line => line.Split(' ')).Select(words => (words[0], double.Parse(words[1])));

    /// <summary>A time in milliseconds that was read off <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public static double Milliseconds(double ticks) => 1000 * ticks / System.Diagnostics.Stopwatch.Frequency;

    /// <inheritdoc/>
    public void Dispose() => _temp.Dispose();

    private static InvalidOperationException Failure(Subject subject, ShellProcess process, string what) =>
        new($"{subject.Name} {what}:{Environment.NewLine}{process.Output.Text}{process.ErrorOutput.Text}");
}
