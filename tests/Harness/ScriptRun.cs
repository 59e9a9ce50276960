using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GracefulExit.Tests.Harness;

/// <summary>One run of a script in a shell: what a test does to it and how it is judged.</summary>
/// <remarks>
/// For one thread, the test's. Each wait ends at the run's time limit. A failure is thrown as a
/// <see cref="HarnessException"/> that shows the script, its output and a timeline.
/// </remarks>
public sealed class ScriptRun : IDisposable
{
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(5);

    private readonly RunStart _start;
    private readonly RunDirectory _directory;
    private readonly IShellProcess _process;
    private readonly List<string> _timeline = [];
    private int _position;
    private bool _outputClosed;
    private long _lastAction;

    private ScriptRun(RunStart start, RunDirectory directory)
    {
        _start = start;
        _directory = directory;
        var variables = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), directory.Path, RunDirectory.Cache, start.Terminal);
        ChildEnvironment.StartFaster(variables);
        foreach (var (name, value) in start.Variables)
        {
            if (value is null)
            {
                variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }

        var shell = new ShellStart
        {
            FileName = start.FileName ?? Repository.Shell,
            Arguments = start.Arguments,
            Environment = variables,
            WorkingDirectory = start.WorkingDirectory ?? directory.Path,
            Ignored = start.Ignored,
            Terminal = start.Terminal,
            Input = start.Input,
        };
        _process = WindowsTarget.IsChosen
            ? new WindowsShellProcess(shell, WindowsTarget.Variables(variables, directory.Path))
            : ShellProcess.Start(shell);
        _lastAction = _process.StartedAt;
        Note($"started process {_process.Id}");
    }

    /// <summary>The process id of the shell.</summary>
    public int Id => _process.Id;

    /// <summary>The run's directory.</summary>
    public string Directory => _directory.Path;

    /// <summary>Whether standard output is a terminal.</summary>
    public bool Terminal => _start.Terminal;

    /// <summary>The lines of standard output, or of the terminal, so far.</summary>
    public IReadOnlyList<string> Output => [.. _process.Output.Lines.Select(line => line.Text)];

    /// <summary>Standard error so far.</summary>
    public string ErrorOutput => _process.ErrorOutput.Text;

    /// <summary>How the shell ended; null while it runs.</summary>
    public ExitStatus? Status => _process.Status;

    /// <summary>What the last <see cref="WaitForMatch"/> found: the match, then its groups.</summary>
    public IReadOnlyList<string> Found { get; private set; } = [];

    /// <summary>Whether the run has been judged, or has already failed its test.</summary>
    public bool IsJudged { get; private set; }

    private TimeSpan Left
    {
        get
        {
            var left = _start.TimeLimit - Stopwatch.GetElapsedTime(_process.StartedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Starts a shell.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="directory">The run's directory. The run disposes of it.</param>
    public static ScriptRun Start(RunStart start, RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(directory);
        try
        {
            return new ScriptRun(start, directory);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a whole line of output, after what the previous wait found.</summary>
    public void WaitForLine(string text) =>
        Waited(_process.Output.WaitForLine(text, Left, ref _position) is not null, $"the line '{text}'");

    /// <summary>Waits for a text in the output, after what the previous wait found.</summary>
    public void WaitForText(string text) =>
        Waited(_process.Output.WaitForText(text, Left, ref _position), $"the text {Visible(text)}");

    /// <summary>Waits for a match of a regular expression in the output, after what the previous wait found.</summary>
    public void WaitForMatch(string pattern)
    {
        var match = _process.Output.WaitForMatch(Expectation.Parse(pattern), !_start.Terminal, Left, ref _position);
        Waited(match is not null, $"a match for /{pattern}/");
        // An array: a script can't index the list that a collection expression makes of an interface.
        string[] found = [.. match!.Groups.Cast<Group>().Select(group => group.Value)];
        Found = found;
    }

    /// <summary>Waits for a whole line of standard error.</summary>
    public void WaitForErrorLine(string pattern)
    {
        int position = 0;
        Waited(_process.ErrorOutput.WaitForMatch(Expectation.Parse(pattern), wholeLines: true, Left, ref position) is not null, $"a match for /{pattern}/ in standard error");
    }

    /// <summary>Waits for a whole line in a file of the run's directory.</summary>
    public void WaitForFileLine(string name, string text)
    {
        // Poll: the writer may not be a child of this process, so there is nothing to wait on.
        while (!ReadFile(name).Contains(text) && Left > TimeSpan.Zero)
        {
            Thread.Sleep(10);
        }

        Waited(ReadFile(name).Contains(text), $"the line '{text}' in the file {name}");
    }

    /// <summary>Sends signals to the shell, one after another without waiting.</summary>
    /// <param name="names">The signals, <c>SIGTERM</c>.</param>
    /// <param name="count">How often the list is sent. The shell may end meanwhile: that the first signal arrived is enough.</param>
    public void SendSignal(IReadOnlyList<string> names, int count)
    {
        ArgumentNullException.ThrowIfNull(names);
        Acting();
        bool arrived = _process.Signal(names[0]);
        for (int i = 1; i < names.Count * count; i++)
        {
            _ = _process.Signal(names[i % names.Count]);
        }

        Did($"sent {string.Join(", ", names)}{(count > 1 ? $", {count} times" : "")}", arrived);
    }

    /// <summary>Sends a signal to the shell's process group.</summary>
    public void SendGroupSignal(string name)
    {
        Acting();
        Did($"sent {name} to the group", _process.SignalGroup(name));
    }

    /// <summary>Writes to the terminal or to standard input.</summary>
    public void Type(string text)
    {
        Acting();
        if (!_start.Terminal && !_start.Input)
        {
            throw new InvalidOperationException("The run has no input that can be written to: start it with -Terminal or -OpenInput.");
        }

        Did($"typed {Visible(text)}", _process.Write(text));
    }

    /// <summary>Closes standard input.</summary>
    public void CloseInput()
    {
        Acting();
        _process.CloseInput();
        Did("closed standard input", true);
    }

    /// <summary>Closes the read end of standard output.</summary>
    public void CloseOutput()
    {
        Acting();
        _process.CloseOutput();
        _outputClosed = true;
        Did("closed standard output", true);
    }

    /// <summary>Closes the terminal.</summary>
    public void CloseTerminal()
    {
        Acting();
        _process.CloseTerminal();
        _outputClosed = true;
        Did("closed the terminal", true);
    }

    /// <summary>Waits until the shell has ended.</summary>
    public void WaitForExit()
    {
        if (_process.WaitForExit(Left) is null)
        {
            NoteProcesses();
            Note("still running");
            throw Failure([$"did not end within {Seconds(_start.TimeLimit)}"], null, null, timeLimit: true);
        }
    }

    /// <summary>Waits until the shell has ended, and compares everything with what is expected.</summary>
    /// <exception cref="HarnessException">Something is not as expected.</exception>
    public void Judge(RunExpectation expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var problems = new List<string>();
        var status = _process.WaitForExit(Left);
        bool timeLimit = status is null;
        if (status is null)
        {
            problems.Add($"did not end within {Seconds(_start.TimeLimit)}");
            NoteProcesses();
            Note("still running: killed");
        }
        else
        {
            Note($"ended: {status}", _process.EndedAt);
            var leftovers = Leftovers();
            problems.AddRange(leftovers.Select(entry => $"process left behind: {entry}"));
            var took = Stopwatch.GetElapsedTime(_lastAction, _process.EndedAt);
            if (took > expected.Within)
            {
                timeLimit = true;
                problems.Add($"took {took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s to end; the limit is {Seconds(expected.Within.Value)}");
            }
        }

        if (!_process.Kill())
        {
            problems.Add("processes could not be killed");
        }

        if (!_process.Output.WaitForEnd(OutputTimeout) || !_process.ErrorOutput.WaitForEnd(OutputTimeout))
        {
            problems.Add("the output did not end with the processes");
        }

        var wrong = Differences(expected, status).ToList();
        if (problems.Count > 0 || wrong.Count > 0)
        {
            // Anything wrong apart from the time is a wrong result. But missing output is not, if the run was killed for its time limit.
            bool onlyLate = timeLimit && problems.Count == 1 && (wrong.Count == 0 || (status is null && IsWellBegun(expected)));
            throw Failure([.. problems, .. wrong], status, expected, onlyLate);
        }

        IsJudged = true;
    }

    /// <summary>Kills what still runs and removes the run's directory.</summary>
    public void Dispose()
    {
        _process.Dispose();
        _directory.Dispose();
    }

    private IEnumerable<string> Differences(RunExpectation expected, ExitStatus? status)
    {
        if (status is { } ended && !IsExpected(expected.Status, ended))
        {
            yield return $"status: expected {string.Join(" or ", expected.Status)}, got {ended}";
        }

        string? problem = expected.Output is { } lines
            ? Expectation.Lines("output", lines, Output)
            : Expectation.Patterns("output", expected.OutputPatterns, _process.Output.Text);
        if (problem is not null)
        {
            yield return problem;
        }

        problem = expected.ErrorPatterns.Count > 0 ? Expectation.Patterns("standard error", expected.ErrorPatterns, ErrorOutput)
            : ErrorOutput.Length > 0 ? "standard error: expected nothing, got what is shown below"
            : null;
        if (problem is not null)
        {
            yield return problem;
        }

        foreach (var (name, content) in expected.Files)
        {
            problem = Expectation.Lines($"file {name}", content, ReadFile(name));
            if (problem is not null)
            {
                yield return problem;
            }
        }
    }

    // When a window is closed, and at a shutdown, Windows ends a process as soon as its handlers have returned. They return
    // when the script has ended, so the process's own end and the script's status come too late.
    private static bool IsExpected(IReadOnlyList<ExitStatus> expected, ExitStatus ended) =>
        expected.Contains(ended) || (WindowsTarget.IsChosen && IsExpectedOnWindows(expected, ended));

    private static bool IsExpectedOnWindows(IReadOnlyList<ExitStatus> expected, ExitStatus ended) =>
        // A process on Windows can't end itself by a signal: it exits with the status that a shell would show for it.
        (ended.Code is { } code && expected.Any(status => status.Signal is { } signal && code == 128 + Signals.Number(signal)))
        || (ended.Signal is "SIGHUP" or "SIGTERM" && expected.Any(status => status.Code is < 128));

    private bool IsWellBegun(RunExpectation expected) =>
        (expected.Output is null || Output.SequenceEqual(expected.Output.Take(Output.Count)))
        && (ErrorOutput.Length == 0 || expected.ErrorPatterns.Count > 0);

    private IReadOnlyList<ProcessEntry> Leftovers()
    {
        // Poll: these are not this process's children, so there is nothing to wait on.
        long start = Stopwatch.GetTimestamp();
        var left = _process.FindProcesses();
        while (left.Count > 0 && Stopwatch.GetElapsedTime(start) < _start.LeftoverLimit)
        {
            Thread.Sleep(10);
            left = _process.FindProcesses();
        }

        return left;
    }

    private void Waited(bool came, string what)
    {
        if (came)
        {
            Note($"saw {what}");
            return;
        }

        bool ended = _process.Output.HasEnded;
        if (ended && !_outputClosed)
        {
            // The exit status shows why, and comes right after.
            _ = _process.WaitForExit(TimeSpan.FromSeconds(2));
        }

        Note($"waited in vain for {what}");
        throw Failure([ended ? $"waited for {what}, but the output has ended" : $"waited for {what} for {Seconds(_start.TimeLimit)}"], Status, null, timeLimit: !ended);
    }

    private void Acting() => _lastAction = Stopwatch.GetTimestamp();

    private void Did(string what, bool done)
    {
        if (done)
        {
            Note(what, _lastAction);
            return;
        }

        _ = _process.WaitForExit(TimeSpan.FromSeconds(2));
        Note($"could not: {what}");
        throw Failure([$"the shell had ended before the test {what}"], Status, null, timeLimit: false);
    }

    private HarnessException Failure(IReadOnlyList<string> problems, ExitStatus? status, RunExpectation? expected, bool timeLimit)
    {
        IsJudged = true;
        string message = Describe(problems, status, expected);
        return timeLimit ? new TimeLimitException(message) : new HarnessException(message);
    }

    private string Describe(IReadOnlyList<string> problems, ExitStatus? status, RunExpectation? expected)
    {
        var text = new StringBuilder();
        text.AppendJoin('\n', problems);
        string ended = status?.ToString() ?? "none, it was running";
        Section(text, expected is null ? $"status: {ended}" : $"status: expected {string.Join(" or ", expected.Status)}, got {ended}", []);
        if (expected?.Output is { } lines)
        {
            Section(text, "output: -expected, +got", Expectation.Difference(lines, Output));
        }
        else
        {
            if (expected is not null)
            {
                Section(text, "output: expected to match, in this order", expected.OutputPatterns);
            }

            Section(text, "output: got", Output);
        }

        if (expected?.ErrorPatterns.Count > 0)
        {
            Section(text, "standard error: expected to match, in this order", expected.ErrorPatterns);
        }

        if (!_start.Terminal)
        {
            Section(text, "standard error: got", Trimmed(ErrorOutput));
        }

        foreach (var (name, content) in expected?.Files ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            Section(text, $"file {name}: -expected, +got", Expectation.Difference(content, ReadFile(name)));
        }

        Section(text, "script", Trimmed(_start.ScriptText).Index().Select(line => $"{line.Index + 1,3}  {line.Item}"));
        Section(text, "what happened", _timeline);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n--- {title}");
        foreach (string line in lines)
        {
            text.Append('\n').Append(line);
        }
    }

    private static string[] Trimmed(string text) =>
        text.Trim('\n', '\r') is { Length: > 0 } trimmed ? trimmed.TrimEnd().Split('\n') : [];

    private string[] ReadFile(string name)
    {
        string path = Path.Combine(_directory.Path, name);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    // What hangs once in a thousand runs is mostly not there to be looked at a second time.
    private void NoteProcesses()
    {
        if (OperatingSystem.IsLinux() && !WindowsTarget.IsChosen)
        {
            _timeline.AddRange(_process.FindProcesses().SelectMany(ProcessTable.Describe));
        }
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s";

    private static string Visible(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private void Note(string what, long timestamp = 0)
    {
        var elapsed = timestamp == 0 ? Stopwatch.GetElapsedTime(_process.StartedAt) : Stopwatch.GetElapsedTime(_process.StartedAt, timestamp);
        _timeline.Add(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds,8:0.000} s  {what}"));
    }
}
