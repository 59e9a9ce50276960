using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Tests.Harness;

/// <summary>A thread that reads one stream of a child into an <see cref="OutputLog"/>.</summary>
/// <remarks>It can be stopped at any time, even while some process keeps the other end open and writes nothing.</remarks>
internal sealed unsafe class OutputReader : IDisposable
{
    private readonly SafeFileHandle _source;
    private readonly Func<string, string>? _filter;
    private readonly Pipe _wake = new();
    private readonly Thread _thread;

    /// <param name="source">The read end. <see cref="Dispose"/> closes it; nobody may close it earlier.</param>
    /// <param name="filter">Applied to each piece of text before it is logged.</param>
    public OutputReader(SafeFileHandle source, Func<string, string>? filter = null)
    {
        _source = source;
        _filter = filter;
        _thread = new Thread(Read, 256 * 1024) { IsBackground = true, Name = "child output" };
        _thread.Start();
    }

    public OutputLog Log { get; } = new();

    /// <summary>Stops reading and closes the read end.</summary>
    public void Dispose()
    {
        _wake.Writer.Dispose();
        _thread.Join();
        _source.Dispose();
        _wake.Dispose();
    }

    private void Read()
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[64 * 1024];
        var characters = new char[bytes.Length + 1];
        var waits = stackalloc LibC.PollDescriptor[2];
        waits[0] = new LibC.PollDescriptor { Descriptor = (int)_source.DangerousGetHandle(), Events = LibC.PollIn };
        waits[1] = new LibC.PollDescriptor { Descriptor = (int)_wake.Reader.DangerousGetHandle(), Events = LibC.PollIn };
        while (true)
        {
            if (LibC.Poll(waits, 2, -1) < 0)
            {
                if (Marshal.GetLastPInvokeError() == LibC.Interrupted)
                {
                    continue;
                }

                break;
            }

            // Stop was requested; the child may never stop writing.
            if (waits[1].Returned != 0)
            {
                break;
            }

            nint count;
            fixed (byte* buffer = bytes)
            {
                count = LibC.Read(_source, buffer, (nuint)bytes.Length);
            }

            if (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
            {
                continue;
            }

            // A terminal that no process has open any more reports an error (EIO) instead of end-of-file.
            if (count <= 0)
            {
                break;
            }

            long now = Stopwatch.GetTimestamp();
            string text = new(characters, 0, decoder.GetChars(bytes, 0, (int)count, characters, 0));
            Log.Append(_filter is null ? text : _filter(text), now);
        }

        Log.End(Stopwatch.GetTimestamp());
    }
}
