using System.Diagnostics;
using System.Text;

namespace GracefulExit.Tests.Harness;

/// <summary>The driver of tests/Windows, where the tests run on Windows themselves.</summary>
/// <remarks>
/// May be used from several threads. Each output has a thread that reads it until its end. The driver ends with its connection, and
/// what it has started ends with the driver, so none of it outlives this process.
/// </remarks>
internal sealed class DriverProcess : IChildProcess
{
    private readonly Process _process;

    /// <param name="start">What to start. The environment is the whole of it.</param>
    public DriverProcess(ShellStart start)
    {
        var information = new ProcessStartInfo(start.FileName, start.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = start.WorkingDirectory ?? "",
        };
        if (start.Environment is { } environment)
        {
            information.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                information.Environment[name] = value;
            }
        }

        _process = Process.Start(information)!;
        if (!start.Input)
        {
            CloseInput();
        }

        StartReading(_process.StandardOutput.BaseStream, Output, start.OutputFilter?.Invoke());
        StartReading(_process.StandardError.BaseStream, ErrorOutput, start.OutputFilter?.Invoke());
    }

    public OutputLog Output { get; } = new();

    public OutputLog ErrorOutput { get; } = new();

    public ExitStatus? WaitForExit(TimeSpan timeout) => _process.WaitForExit(timeout) ? ExitStatus.Exited(_process.ExitCode) : null;

    public bool Write(string text)
    {
        try
        {
            _process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(text));
            _process.StandardInput.BaseStream.Flush();
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void CloseInput() => _process.StandardInput.Close();

    // The thread that reads holds the pipe open for as long as it waits.
    public void CloseOutput() => throw new NotOnWindowsException("an output that a test could close while it is read");

    public bool Kill()
    {
        // What it has started is in a job of its own, and ends first.
        _process.Kill();
        return _process.WaitForExit(TimeSpan.FromSeconds(5));
    }

    // The Process itself is left to the garbage collector: another thread may still wait for it.
    public void Dispose() => _ = Kill();

    private static void StartReading(Stream source, OutputLog log, Func<string, string>? filter) =>
        new Thread(() => Read(source, log, filter), 256 * 1024) { IsBackground = true, Name = "driver output" }.Start();

    private static void Read(Stream source, OutputLog log, Func<string, string>? filter)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[64 * 1024];
        var characters = new char[bytes.Length + 1];
        try
        {
            int count;
            while ((count = source.Read(bytes)) > 0)
            {
                string text = new(characters, 0, decoder.GetChars(bytes, 0, count, characters, 0));
                log.Append(filter is null ? text : filter(text), Stopwatch.GetTimestamp());
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed by this side.
        }

        log.End(Stopwatch.GetTimestamp());
    }
}
