using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Tests.Harness;

/// <summary>A child in a session of its own that can be signalled, talked to and waited for, each in bounded time.</summary>
/// <remarks>
/// May be used from several threads. A thread of its own waits for the child by its id. .NET's own reaping does not
/// interfere: it only reaps children that <see cref="Process"/> has started.
/// </remarks>
public sealed class ShellProcess : IShellProcess
{
    // Children must not outlive this process.
    private static readonly ConcurrentDictionary<ShellProcess, bool> Living = new();

    private readonly object _gate = new();
    private readonly string? _run;
    private readonly SafeFileHandle? _input;
    private readonly OutputReader _output;
    private readonly OutputReader? _error;
    private readonly bool _terminal;
    private ExitStatus? _status;
    private string? _lost;
    private bool _reaped;

    static ShellProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Living.Keys)
        {
            process.Kill();
        }
    };

    private ShellProcess(ShellStart start)
    {
        _terminal = start.Terminal;
        _run = (start.Environment ?? CurrentEnvironment.Variables()).GetValueOrDefault(ProcessTable.RunVariable);
        if (start.Terminal)
        {
            var terminal = new PseudoTerminal(start.TerminalSize);
            try
            {
                StartedAt = Stopwatch.GetTimestamp();
                Id = Spawner.Spawn(start, -1, terminal.Name, -1, -1);
            }
            catch
            {
                terminal.Dispose();
                throw;
            }

            _input = terminal.Master;
            var plain = new TerminalText(start.TerminalSize, text => Write(text));
            _output = new OutputReader(terminal.Master, raw =>
            {
                start.OnTerminalOutput?.Invoke(raw);
                return plain.Filter(raw);
            });
            ErrorOutput = new OutputLog();
            ErrorOutput.End(StartedAt);
        }
        else
        {
            using var input = start.Input ? new Pipe() : null;
            using var output = new Pipe();
            using var error = new Pipe();
            StartedAt = Stopwatch.GetTimestamp();
            Id = Spawner.Spawn(start, Descriptor(input?.Reader), "/dev/null", Descriptor(output.Writer), Descriptor(error.Writer));
            _input = Keep(input?.Writer);
            _output = new OutputReader(Keep(output.Reader)!, start.OutputFilter?.Invoke());
            _error = new OutputReader(Keep(error.Reader)!, start.OutputFilter?.Invoke());
            ErrorOutput = _error.Log;
        }

        Living[this] = true;
        new Thread(Reap, 256 * 1024) { IsBackground = true, Name = $"wait for {Id}" }.Start();
    }

    /// <summary>The process id, which is the id of its group and session too.</summary>
    public int Id { get; }

    /// <summary>When it was started, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long StartedAt { get; }

    /// <summary>When its end was seen, by <see cref="Stopwatch.GetTimestamp"/>; 0 before.</summary>
    public long EndedAt { get; private set; }

    /// <summary>Standard output, or everything written to the terminal.</summary>
    public OutputLog Output => _output.Log;

    /// <summary>Standard error; empty for a terminal.</summary>
    public OutputLog ErrorOutput { get; }

    /// <summary>How it ended; null while it runs.</summary>
    public ExitStatus? Status
    {
        get
        {
            lock (_gate)
            {
                return _lost is null ? _status : throw new InvalidOperationException(_lost);
            }
        }
    }

    /// <summary>Starts a child.</summary>
    public static ShellProcess Start(ShellStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return new ShellProcess(start);
    }

    /// <summary>Waits until the child has ended.</summary>
    /// <returns>How it ended; null if it has not.</returns>
    public ExitStatus? WaitForExit(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (!_reaped)
            {
                var left = timeout - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return null;
                }

                Monitor.Wait(_gate, (int)Math.Min(left.TotalMilliseconds + 1, int.MaxValue));
            }
        }

        return Status;
    }

    /// <summary>Waits until a whole line of standard output equals <paramref name="text"/>.</summary>
    /// <returns>The line; null if it did not come in time or can't come any more.</returns>
    public OutputLine? WaitForLine(string text, TimeSpan timeout) => Output.WaitForLine(text, timeout);

    /// <summary>Waits until standard output, or the terminal, shows <paramref name="text"/>.</summary>
    public bool WaitForText(string text, TimeSpan timeout)
    {
        int position = 0;
        return Output.WaitForText(text, timeout, ref position);
    }

    /// <summary>Sends a signal to the child.</summary>
    /// <returns>False if it has ended.</returns>
    public bool Signal(string name) => Send(Id, name);

    /// <summary>Sends a signal to the child's process group.</summary>
    /// <returns>False if the child has ended.</returns>
    public bool SignalGroup(string name) => Send(-Id, name);

    /// <summary>Writes to the terminal or to standard input.</summary>
    /// <returns>False if nobody can read it any more.</returns>
    public unsafe bool Write(string text)
    {
        if (_input is null)
        {
            throw new InvalidOperationException("The child was started without an input.");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            for (int written = 0; written < bytes.Length;)
            {
                fixed (byte* buffer = bytes)
                {
                    nint count = LibC.Write(_input, buffer + written, (nuint)(bytes.Length - written));
                    if (count < 0 && Marshal.GetLastPInvokeError() != LibC.Interrupted)
                    {
                        return false;
                    }

                    written += (int)Math.Max(count, 0);
                }
            }

            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Closes standard input: the child reads end-of-file.</summary>
    public void CloseInput()
    {
        if (_terminal)
        {
            throw new InvalidOperationException("The input of a terminal can't be closed alone; see CloseTerminal.");
        }

        _input?.Dispose();
    }

    /// <summary>Closes the read end of standard output: the child's next write to it fails.</summary>
    public void CloseOutput()
    {
        if (_terminal)
        {
            throw new InvalidOperationException("The output of a terminal can't be closed alone; see CloseTerminal.");
        }

        _output.Dispose();
    }

    /// <summary>Closes the master side of the terminal: the system sends SIGHUP to the session.</summary>
    public void CloseTerminal()
    {
        if (!_terminal)
        {
            throw new InvalidOperationException("The child has no terminal.");
        }

        _output.Dispose();
    }

    /// <summary>The living processes of the child's session, group or run, the child itself included.</summary>
    public IReadOnlyList<ProcessEntry> FindProcesses() => ProcessTable.Find(Id, _run);

    /// <summary>Kills the child and everything that it has started.</summary>
    /// <returns>Whether nothing is left.</returns>
    public bool Kill()
    {
        // A process may start another one between the search and the kill, so search again.
        for (int attempt = 0; attempt < 10; attempt++)
        {
            _ = SignalGroup("SIGKILL");
            var left = FindProcesses();
            if (left.Count == 0)
            {
                return true;
            }

            foreach (var process in left)
            {
                _ = Signals.Send(process.Id, "SIGKILL");
            }

            Thread.Sleep(10 << Math.Min(attempt, 5));
        }

        return false;
    }

    /// <summary>Kills what still runs and closes everything.</summary>
    public void Dispose()
    {
        if (Living.TryRemove(this, out _))
        {
            _ = Kill();
            _ = WaitForReaping(TimeSpan.FromSeconds(5));
            _output.Dispose();
            _error?.Dispose();
            _input?.Dispose();
        }
    }

    private static int Descriptor(SafeFileHandle? handle) => handle is null ? -1 : (int)handle.DangerousGetHandle();

    // Takes a descriptor over from a pipe that is about to be disposed of.
    private static SafeFileHandle? Keep(SafeFileHandle? handle)
    {
        if (handle is null)
        {
            return null;
        }

        var kept = new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: true);
        handle.SetHandleAsInvalid();
        return kept;
    }

    private bool Send(int target, string name)
    {
        lock (_gate)
        {
            // Once the child is reaped, its id may be reused.
            return !_reaped && Signals.Send(target, name);
        }
    }

    private bool WaitForReaping(TimeSpan timeout)
    {
        lock (_gate)
        {
            return _reaped || Monitor.Wait(_gate, timeout);
        }
    }

    private unsafe void Reap()
    {
        // First wait without reaping, so that reaping and signalling exclude each other under the lock.
        byte* information = stackalloc byte[256];
        while (LibC.WaitId(LibC.IdTypePid, Id, information, LibC.WaitExited | LibC.WaitNoReap) < 0
            && Marshal.GetLastPInvokeError() == LibC.Interrupted)
        {
        }

        EndedAt = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            int result;
            int status;
            while ((result = LibC.WaitPid(Id, out status, 0)) < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
            {
            }

            if (result == Id)
            {
                _status = ExitStatus.FromWait(status);
            }
            else
            {
                _lost = $"The exit status of process {Id} is lost (error {Marshal.GetLastPInvokeError()}): was this process started with SIGCHLD ignored?";
            }

            _reaped = true;
            Monitor.PulseAll(_gate);
        }
    }
}
