using System.IO.Pipes;
using System.Runtime.InteropServices;
using GracefulExit.Supervision;

namespace GracefulExit.Guard;

/// <summary>
/// A pipe on Windows, which can't be asked in advance whether it takes a chunk without blocking. So a separate thread writes,
/// and a caller waits for it only as long as it wants to.
/// </summary>
/// <remarks>
/// <para>
/// Threads: callers queue chunks under the lock, and the writing thread takes them in that order. A caller that gives up ends
/// the guard (see <see cref="GuardProcess"/>). Its end of the pipe is then gone, and a blocked write fails.
/// </para>
/// <para>Windows does not tell how full the pipe is either, so no room is kept free for other messages.</para>
/// </remarks>
internal sealed class WindowsGuardPipe : IGuardPipe
{
    private const int PipeSize = 1 << 20;

    private readonly Gate _lock = new();
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.Out, HandleInheritability.None, PipeSize);
    private readonly Queue<Chunk> _queue = [];
    private bool _isOver;

    public WindowsGuardPipe() =>
        new Thread(WriteAll, maxStackSize: 256 * 1024) { IsBackground = true, Name = "GracefulExit.Guard.Pipe" }.Start();

    public SafeHandle Reader => _pipe.ClientSafePipeHandle;

    public void CloseReader() => _pipe.DisposeLocalCopyOfClientHandle();

    public void Write(byte[] bytes, long end)
    {
        Chunk chunk = new(bytes);
        using (_lock.Enter())
        {
            if (_isOver)
            {
                throw new IOException();
            }

            _queue.Enqueue(chunk);
            _lock.PulseAll();
        }

        if (!chunk.Done.Wait(TimeSpan.FromMilliseconds(Math.Max(0, end - Environment.TickCount64))))
        {
            throw new TimeoutException(Messages.GuardDoesNotRead);
        }

        if (chunk.Error is { } error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public void WaitForRoom(long end)
    {
        // See the remarks.
    }

    public void Dispose()
    {
        using (_lock.Enter())
        {
            _isOver = true;
            _lock.PulseAll();
        }

        // The handle itself is closed once a write that still uses it has returned.
        _pipe.Dispose();
    }

    private void WriteAll()
    {
        while (Take() is { } chunk)
        {
            try
            {
                _pipe.Write(chunk.Bytes);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                chunk.Error = exception;
            }

            chunk.Done.Set();
        }
    }

    /// <returns>Null: this end is closed, and nobody is waiting any more.</returns>
    private Chunk? Take()
    {
        using (_lock.Enter())
        {
            while (_queue.Count == 0)
            {
                if (_isOver)
                {
                    return null;
                }

                _lock.Wait(Timeout.InfiniteTimeSpan);
            }

            return _queue.Dequeue();
        }
    }

    private sealed class Chunk(byte[] bytes)
    {
        public byte[] Bytes => bytes;

        public Latch Done { get; } = new();

        public Exception? Error { get; set; }
    }
}
