using System.Diagnostics;
using System.Globalization;

namespace GracefulExit.Tests.Harness;

/// <summary>A child that is a Windows program with a console of its own, started by the driver of tests/Windows.</summary>
/// <remarks>May be used from several threads. The child has the driver's standard input, output and error.</remarks>
internal sealed class WindowsShellProcess : IShellProcess
{
    // Includes the start of Wine itself.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    // The status with which Windows ends a process that does not handle Ctrl+C.
    private const uint StatusControlCExit = 0xC000013A;

    // The status with which Signals.Send ends its own process for SIGKILL.
    private const uint StatusKilled = uint.MaxValue;

    /// <summary>The status of processes that Windows ends at the end of the session.</summary>
    internal const uint StatusTerminated = 0x40010004;

    private readonly object _gate = new();
    private readonly WindowsChannel _channel = new();
    private readonly IChildProcess _driver;
    private ExitStatus? _status;
    private bool _isToldToEnd;

    /// <param name="start">What to start. Its file name is a Windows path.</param>
    /// <param name="variables">Environment variables for the child, besides those of <paramref name="start"/>.</param>
    public WindowsShellProcess(ShellStart start, IReadOnlyDictionary<string, string> variables)
    {
        if (start.Terminal)
        {
            throw new NotOnWindowsException("a terminal that a test could type into");
        }

        if (start.Ignored.Count > 0)
        {
            throw new NotOnWindowsException("signals that a process inherits as ignored");
        }

        WindowsTarget.KeepWine();
        StartedAt = Stopwatch.GetTimestamp();
        _driver = WindowsTarget.StartDriver(
            _channel.Port.ToString(CultureInfo.InvariantCulture), start.Environment ?? CurrentEnvironment.Variables(), start.WorkingDirectory, start.Input);
        try
        {
            if (!_channel.Accept(StartTimeout, OnExit))
            {
                throw new TimeLimitException($"The Windows driver did not connect: {_driver.ErrorOutput.Text}");
            }

            new Thread(WatchDriver, 256 * 1024) { IsBackground = true, Name = "Windows driver's end" }.Start();
            foreach (string argument in start.Arguments.Prepend(start.FileName))
            {
                _channel.Send("argument", argument);
            }

            foreach (var (name, value) in variables)
            {
                _channel.Send("variable", name, value);
            }

            if (start.Input)
            {
                _channel.Send("input");
            }

            Id = _channel.Ask("start") is ["started", var id] ? int.Parse(id, CultureInfo.InvariantCulture) : throw new HarnessException("The Windows driver has ended.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Id { get; }

    public long StartedAt { get; }

    public long EndedAt { get; private set; }

    public OutputLog Output => _driver.Output;

    public OutputLog ErrorOutput => _driver.ErrorOutput;

    public ExitStatus? Status
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    public ExitStatus? WaitForExit(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (_status is null)
            {
                var left = timeout - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return null;
                }

                Monitor.Wait(_gate, (int)Math.Min(left.TotalMilliseconds + 1, int.MaxValue));
            }

            return _status;
        }
    }

    public bool Signal(string name)
    {
        if (name is not ("SIGINT" or "SIGQUIT" or "SIGHUP" or "SIGTERM" or "SIGKILL"))
        {
            throw new NotOnWindowsException(name);
        }

        if (_isToldToEnd && name != "SIGKILL")
        {
            throw new NotOnWindowsException("a further event for a process that it has told to end");
        }

        _isToldToEnd = name is "SIGHUP" or "SIGTERM";
        return Status is null && _channel.Ask("signal", name) is ["done"];
    }

    // All processes of the console get the event.
    public bool SignalGroup(string name) => Signal(name);

    public bool Write(string text) => _driver.Write(text);

    public void CloseInput() => _driver.CloseInput();

    public void CloseOutput() => _driver.CloseOutput();

    public void CloseTerminal() => throw new NotOnWindowsException("a terminal that a test could close; send HUP");

    public IReadOnlyList<ProcessEntry> FindProcesses() => _channel.Ask("processes") is ["processes", .. var found]
        ? [.. found.Chunk(2).Select(process => new ProcessEntry(int.Parse(process[0], CultureInfo.InvariantCulture), process[1]))]
        : [];

    public bool Kill()
    {
        // The driver kills what it has started, also when it finds that this side is gone.
        _ = _channel.Ask("kill");
        return _driver.WaitForExit(TimeSpan.FromSeconds(5)) is not null || _driver.Kill();
    }

    public void Dispose()
    {
        _channel.Dispose();
        _ = _driver.WaitForExit(TimeSpan.FromSeconds(5));
        _driver.Dispose();
    }

    private void WatchDriver()
    {
        _ = _driver.WaitForExit(TimeSpan.FromDays(1));
        _channel.End();
    }

    private void OnExit(uint status, string signal)
    {
        lock (_gate)
        {
            EndedAt = Stopwatch.GetTimestamp();
            _status = signal.Length > 0 ? ExitStatus.Killed(signal)
                : status == StatusControlCExit ? ExitStatus.Killed("SIGINT")
                : status == StatusKilled ? ExitStatus.Killed("SIGKILL")
                : status == StatusTerminated ? ExitStatus.Killed("SIGTERM")
                : ExitStatus.Exited((int)status);
            Monitor.PulseAll(_gate);
        }
    }
}
