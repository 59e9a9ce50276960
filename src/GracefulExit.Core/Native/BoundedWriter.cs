using System.Text;

namespace GracefulExit.Native;

/// <summary>
/// Writes text to a descriptor in bounded time. If a reader does not take the text in time, it is dropped, and so is
/// everything after it: the clean-up matters more than its output.
/// </summary>
/// <remarks>Threads: any, one at a time under the lock.</remarks>
internal sealed class BoundedWriter : TextWriter
{
    /// <summary>How long a full pipe may stay full.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    /// <summary>How much a pipe takes without blocking if poll(2) calls it writable (PIPE_BUF of pipe(7): 4096 on Linux, 512 elsewhere).</summary>
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
    /// For standard output (1) or standard error (2). Bypasses .NET's objects for them: its console has a lock that a stuck thread
    /// may hold, and its file streams have their own position.
    /// </summary>
    public static BoundedWriter ForDescriptor(int descriptor) => new(
        descriptor, !OperatingSystem.IsWindows() ? null : descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError());

    /// <summary>From now on everything is dropped, and a waiting write returns.</summary>
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
            // There is no reader any more.
            _isRefused = true;
        }
    }
}
