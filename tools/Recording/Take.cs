using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Recording;

/// <summary>One run of the play: two terminals and what they showed.</summary>
/// <remarks>It waits for what is to be seen, and throws if that does not come: a recording shows what has happened.</remarks>
internal sealed partial class Take
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private Take()
    {
    }

    public List<Pane> Panes { get; } = [];

    public TimeSpan Length { get; private set; }

    public static Take Play(ShellUnderTest shell)
    {
        string temp = Directory.CreateTempSubdirectory("gx-recording-").FullName;
        Take take = new();
        try
        {
            using Pane first = take.Open("terminal 1", 15, Shell(shell, temp));
            using Pane second = take.Open("terminal 2", 5, Sh(temp));
            take.Perform(first, second);
            return take;
        }
        finally
        {
            Directory.Delete(temp, recursive: true);
        }
    }

    private void Perform(Pane first, Pane second)
    {
        first.Expect("PS> ");
        second.Expect("$ ");
        first.Clear();
        second.Clear();
        // The recording begins at the prompts: how long the shells take to start depends on the machine.
        _clock.Restart();

        Read(1.0);
        first.Type("./quickstart.ps1");
        first.Type("\r");
        first.Expect("Worked for 2 s");
        Read(0.4);
        first.Press("Ctrl+C", '\u0003');
        first.Expect("because of SIGINT");
        first.Expect("Goodbye");
        first.Expect("PS> ");
        Read(2.0);

        first.Type("./quickstart.ps1");
        first.Type("\r");
        string process = first.Find(ProcessId());
        string file = first.Find(FileName());
        first.Expect("Worked for 1 s");
        second.Type($"kill {process}");
        first.Expect("Worked for 2 s");
        second.Type("\r");
        first.Expect("because of SIGTERM");
        first.Expect("Goodbye");
        first.Expect("PS> ");
        second.Expect("$ ");
        Read(1.0);
        second.Type($"ls {file}");
        second.Type("\r");
        second.Expect("No such file");
        second.Expect("$ ");
        Read(4.0);
        Length = _clock.Elapsed;
    }

    private Pane Open(string title, int rows, ShellStart start)
    {
        Pane pane = new(title, new TerminalSize(84, rows), start, _clock);
        Panes.Add(pane);
        return pane;
    }

    // Whoever watches needs time to read; nothing waits for anything here.
    private static void Read(double seconds) => Thread.Sleep(TimeSpan.FromSeconds(seconds));

    private static ShellStart Shell(ShellUnderTest shell, string temp) => new()
    {
        FileName = shell.Path,
        // A prompt without the directory: it is not what is to be seen.
        Arguments = ["-NoLogo", "-NoProfile", "-NoExit", "-Command", "function prompt { 'PS> ' }"],
        Environment = Variables(temp),
        WorkingDirectory = Path.Combine(Repository.Root, "examples"),
        Terminal = true,
    };

    private static ShellStart Sh(string temp)
    {
        Dictionary<string, string> variables = Variables(temp);
        variables["PS1"] = "$ ";
        return new() { FileName = "sh", Arguments = ["-i"], Environment = variables, WorkingDirectory = "/", Terminal = true };
    }

    private static Dictionary<string, string> Variables(string temp)
    {
        Dictionary<string, string> variables = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp, Path.Combine(temp, "cache"), terminal: true);
        Directory.CreateDirectory(variables["HOME"]);
        variables.Remove("NO_COLOR");
        // The module by its name, as one that is installed; temporary files where they usually are.
        variables["PSModulePath"] = Path.GetDirectoryName(Repository.Module)!;
        variables.Remove("TMPDIR");
        variables["TERM"] = "xterm-256color";
        return variables;
    }

    [GeneratedRegex(@"kill (\d+)")]
    private static partial Regex ProcessId();

    [GeneratedRegex(@"temporary file (\S+)\n")]
    private static partial Regex FileName();
}
