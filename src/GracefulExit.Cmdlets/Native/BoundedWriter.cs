using System.Text;

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
    private readonly int _descriptor;
    private readonly Stream? _stream;
    private volatile bool _isRefused;

    private BoundedWriter(int descriptor, Stream? stream)
        : base(System.Globalization.CultureInfo.InvariantCulture)
    {
        _descriptor = descriptor;
        _stream = stream;
        CoreNewLine = Environment.NewLine.ToCharArray();
    }

    public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// For standard output (1) or standard error (2), past what .NET keeps of them: its console has a lock that a stuck thread
    /// may hold, and its file streams a position of their own.
    /// </summary>
    public static BoundedWriter ForDescriptor(int descriptor) => new(
        descriptor, !OperatingSystem.IsWindows() ? null : descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError());

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
        if (_stream is not null)
        {
            WriteTo(_stream, chunk);
            return;
        }

        while (!chunk.IsEmpty && !_isRefused)
        {
            int written = WaitWritable() ? LibC.Write(_descriptor, chunk) : -1;
            _isRefused |= written < 0;
            chunk = chunk[Math.Max(written, 0)..];
        }
    }

    private void WriteTo(Stream stream, ReadOnlySpan<byte> chunk)
    {
        try
        {
            stream.Write(chunk);
        }
        catch (IOException)
        {
            // Nobody reads it any more.
            _isRefused = true;
        }
    }
}
