using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GracefulExit.Tests.Driver;

/// <summary>One run of a scenario in a shell.</summary>
internal sealed class ScenarioRun(Scenario scenario, ShellUnderTest shell)
{
    // What ends by itself soon after the child, such as a guard that runs an exit block, is not left behind.
    private static readonly TimeSpan AfterlifeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(5);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<string> _problems = [];
    private readonly List<string> _events = [];
    private int _position;
    private bool _outputClosed;

    public ScenarioResult Run()
    {
        using var temp = new ScenarioTemp();
        using var process = ShellProcess.Start(new ShellStart
        {
            FileName = shell.Path,
            Arguments = ShellUnderTest.Arguments(scenario),
            Environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp.Path, ScenarioTemp.Cache, scenario.Terminal),
            WorkingDirectory = temp.Path,
            Ignored = scenario.Ignored,
            Terminal = scenario.Terminal,
            Input = scenario.Steps.Any(step => step.Type is not null || step.CloseInput),
        });
        Note($"started {process.Id}");

        TakeSteps(process);
        if (_problems.Count == 0 && process.WaitForExit(Left) is null)
        {
            _problems.Add($"did not end within {scenario.TimeoutSeconds} s");
        }

        // A step that failed because the output had ended: the exit status tells why, if it comes.
        var status = process.WaitForExit(process.Output.HasEnded && !_outputClosed ? TimeSpan.FromSeconds(2) : TimeSpan.Zero);
        Note(status is null ? "still running: killed" : $"ended: {status}", process.EndedAt);
        if (status is not null)
        {
            FindLeftovers(process);
        }

        if (!process.Kill())
        {
            _problems.Add("processes could not be killed");
        }

        if (!process.Output.WaitForEnd(OutputTimeout) || !process.ErrorOutput.WaitForEnd(OutputTimeout))
        {
            _problems.Add("the output did not end with the processes");
        }

        return Judge(process, status, temp.Path);
    }

    private TimeSpan Left
    {
        get
        {
            var left = TimeSpan.FromSeconds(scenario.TimeoutSeconds) - Stopwatch.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void TakeSteps(ShellProcess process)
    {
        if (scenario.ClosedOutput)
        {
            if (process.WaitForLine("ready", Left) is null)
            {
                _problems.Add("\"ready\" did not come");
                return;
            }

            process.CloseOutput();
            _outputClosed = true;
            Note("standard output closed");
        }

        foreach (var step in scenario.Steps)
        {
            if (step.When is { } when && !Await(process, when))
            {
                string why = process.Output.HasEnded ? "the output ended before" : $"not within {scenario.TimeoutSeconds} s";
                _problems.Add($"step \"{step}\": {why}");
                return;
            }

            if (!Act(process, step))
            {
                _problems.Add($"step \"{step}\": the child had ended before");
                return;
            }

            Note(step.ToString());
        }
    }

    private bool Await(ShellProcess process, string when) => scenario.Terminal
        ? process.Output.WaitForText(when, Left, ref _position)
        : process.Output.WaitForLine(when, Left, ref _position) is not null;

    private static bool Act(ShellProcess process, ScenarioStep step)
    {
        switch (step)
        {
            case { Signal: { } name }:
                return process.Signal(name);
            case { Signals: { } names }:
                // A storm may outlive the child: that its first signal arrived is enough.
                bool arrived = process.Signal(names[0]);
                for (int i = 1; i < names.Count * (step.Count ?? 1); i++)
                {
                    _ = process.Signal(names[i % names.Count]);
                }

                return arrived;
            case { GroupSignal: { } name }:
                return process.SignalGroup(name);
            case { Type: { } text }:
                return process.Write(text);
            case { CloseTerminal: true }:
                process.CloseTerminal();
                return true;
            default:
                process.CloseInput();
                return true;
        }
    }

    private void FindLeftovers(ShellProcess process)
    {
        long start = Stopwatch.GetTimestamp();
        var left = process.FindProcesses();
        while (left.Count > 0 && Stopwatch.GetElapsedTime(start) < AfterlifeTimeout)
        {
            Thread.Sleep(20);
            left = process.FindProcesses();
        }

        _problems.AddRange(left.Select(entry => $"left behind: {entry}"));
    }

    private ScenarioResult Judge(ShellProcess process, ExitStatus? status, string temp)
    {
        IReadOnlyList<string> lines = [.. process.Output.Lines.Select(line => line.Text)];
        string error = process.ErrorOutput.Text;
        if (status is { } ended && !scenario.Allows(ended))
        {
            _problems.Add($"status: expected {scenario.Status}, was {status}");
        }

        if (scenario.Stdout is { } exact)
        {
            _problems.AddRange(Expectation.Lines("stdout", exact, lines));
        }
        else
        {
            _problems.AddRange(Expectation.Patterns("stdout", scenario.StdoutContains!, process.Output.Text));
        }

        if (scenario.Stderr.Count > 0)
        {
            _problems.AddRange(Expectation.Patterns("stderr", scenario.Stderr, error));
        }
        else if (error.Length > 0)
        {
            _problems.Add("stderr: expected nothing");
        }

        var files = scenario.Files.Keys.ToDictionary(name => name, name => ReadLines(Path.Combine(temp, name)));
        foreach (var (name, expected) in scenario.Files)
        {
            _problems.AddRange(Expectation.Lines($"file {name}", expected, files[name]));
        }

        return new ScenarioResult
        {
            Outcome = _problems.Count == 0 ? ScenarioOutcome.Passed : ScenarioOutcome.Failed,
            Message = _problems.Count == 0 ? "" : Describe(status, lines, error, files),
            Duration = Stopwatch.GetElapsedTime(_start),
            Status = status,
            Output = lines,
            ErrorOutput = error,
            Problems = _problems,
        };
    }

    private string Describe(ExitStatus? status, IReadOnlyList<string> lines, string error, Dictionary<string, string[]> files)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{scenario.Name} [{shell.Name}]: {scenario.Title}");
        foreach (string problem in _problems)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {problem}");
        }

        bool patterns = scenario.Stdout is null;
        Section(text, $"expected status: {scenario.Status}; actual status: {status?.ToString() ?? "none, killed by the driver"}", []);
        Section(text, patterns ? "expected stdout (patterns)" : "expected stdout", scenario.Stdout ?? scenario.StdoutContains ?? []);
        Section(text, "actual stdout", lines);
        Section(text, scenario.Stderr.Count > 0 ? "expected stderr (patterns)" : "expected stderr: empty", scenario.Stderr);
        Section(text, "actual stderr", error.TrimEnd('\n').Split('\n'));
        foreach (var (name, expected) in scenario.Files)
        {
            Section(text, $"expected file {name}", expected);
            Section(text, $"actual file {name}", files[name]);
        }

        Section(text, "what happened", _events);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"--- {title}");
        foreach (string line in lines)
        {
            text.AppendLine(line);
        }
    }

    private static string[] ReadLines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];

    private void Note(string what, long timestamp = 0)
    {
        var elapsed = timestamp == 0 ? Stopwatch.GetElapsedTime(_start) : Stopwatch.GetElapsedTime(_start, timestamp);
        _events.Add(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds,8:0.000} s  {what}"));
    }
}
