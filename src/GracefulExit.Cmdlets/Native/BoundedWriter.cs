using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Native;

/// <summary>
/// Writes text to a descriptor and never waits for ever: what a reader does not take in time is dropped, and everything
/// after it, because a clean-up is worth more than its words.
/// </summary>
/// <remarks>Threads: any, one at a time under the lock.</remarks>
internal sealed class BoundedWriter : TextWriter
{
    /// <summary>How long a full pipe may stay full.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    /// <summary>poll(2): a pipe that is writable takes this much without blocking (PIPE_BUF of pipe(7): 4096 on Linux, 512 elsewhere).</summary>
    private const int ChunkSize = 512;

    private readonly Lock _lock = new();
    private readonly Stream _stream;
    private readonly int _descriptor;
    private volatile bool _isRefused;

    private BoundedWriter(Stream stream, int descriptor)
        : base(System.Globalization.CultureInfo.InvariantCulture)
    {
        _stream = stream;
        _descriptor = descriptor;
        CoreNewLine = Environment.NewLine.ToCharArray();
    }

    public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>For standard output (1) or standard error (2), past what .NET keeps of them.</summary>
    public static BoundedWriter ForDescriptor(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return new BoundedWriter(descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError(), -1);
        }

        SafeFileHandle handle = new(descriptor, ownsHandle: false);
        try
        {
            return new BoundedWriter(new FileStream(handle, FileAccess.Write, bufferSize: 0), descriptor);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Closed.
            return new BoundedWriter(Stream.Null, -1);
        }
    }

    /// <summary>From now on everything is dropped, and a write that waits returns.</summary>
    public void Refuse() => _isRefused = true;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        byte[] bytes = Encoding.GetBytes(value ?? string.Empty);
        lock (_lock)
        {
            for (int start = 0; start < bytes.Length && !_isRefused; start += ChunkSize)
            {
                WriteChunk(bytes.AsSpan(start, Math.Min(ChunkSize, bytes.Length - start)));
            }
        }
    }

    public override void WriteLine(string? value) => Write(value + Environment.NewLine);

    private bool WaitWritable()
    {
        long start = Environment.TickCount64;
        while (!_isRefused && Environment.TickCount64 - start < Patience.TotalMilliseconds)
        {
            if (LibC.WaitWritable(_descriptor, Slice))
            {
                return true;
            }
        }

        return false;
    }

    private void WriteChunk(ReadOnlySpan<byte> chunk)
    {
        if (_descriptor >= 0 && !WaitWritable())
        {
            _isRefused = true;
            return;
        }

        try
        {
            _stream.Write(chunk);
        }
        catch (IOException)
        {
            // Nobody reads it any more.
            _isRefused = true;
        }
    }
}
