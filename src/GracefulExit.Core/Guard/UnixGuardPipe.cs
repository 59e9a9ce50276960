using System.IO.Pipes;
using System.Runtime.InteropServices;
using GracefulExit.Native;
using GracefulExit.Supervision;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>
/// A pipe on Unix. If poll(2) calls it writable, it takes a chunk without blocking. Each chunk is one write(2), which the
/// kernel does not divide (PIPE_BUF).
/// </summary>
/// <remarks>Threads: the lock is held for one write that does not block, never while a thread waits for room.</remarks>
internal sealed class UnixGuardPipe : IGuardPipe
{
    /// <summary>The size that Linux allows without privileges; elsewhere pipes have 64 KiB.</summary>
    private const int PipeSize = 1 << 20;

    /// <summary>How often to check for enough room in a pipe that is not full: no event announces it.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly Gate _lock = new();
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.Out, HandleInheritability.None);
    private readonly int _partLimit;
    private bool _isOver;

    public UnixGuardPipe()
    {
        nint descriptor = _pipe.SafePipeHandle.DangerousGetHandle();
        LibC.SetPipeSize(descriptor, PipeSize);
        int size = GuardNative.PipeSize(descriptor);
        _partLimit = size == 0 ? int.MaxValue : size - (size / 8);
    }

    public SafeHandle Reader => _pipe.ClientSafePipeHandle;

    public void CloseReader() => _pipe.DisposeLocalCopyOfClientHandle();

    public void Write(byte[] bytes, long end)
    {
        while (true)
        {
            WaitWritable(end);
            using (_lock.Enter())
            {
                if (_isOver)
                {
                    throw new IOException();
                }

                // Another thread may have filled it meanwhile.
                if (LibC.WaitWritable(_pipe.SafePipeHandle.DangerousGetHandle(), TimeSpan.Zero))
                {
                    _pipe.Write(bytes);
                    return;
                }
            }
        }
    }

    /// <summary>Leaves an eighth of the pipe to other scopes' messages, which must not wait for a guard that is still starting.</summary>
    public void WaitForRoom(long end)
    {
        while (_partLimit != int.MaxValue && IsAlmostFull())
        {
            if (Environment.TickCount64 >= end)
            {
                throw new TimeoutException(Messages.GuardDoesNotRead);
            }

            try
            {
                Thread.Sleep(Look);
            }
            catch (ThreadInterruptedException)
            {
                // The interrupt was meant for the body, which has not begun.
            }
        }
    }

    public void Dispose()
    {
        using (_lock.Enter())
        {
            _isOver = true;
            _pipe.Dispose();
        }
    }

    private void WaitWritable(long end)
    {
        // Held, so that the descriptor is not reused for another file if the channel is closed meanwhile.
        bool isHeld = false;
        SafePipeHandle handle = _pipe.SafePipeHandle;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            if (!LibC.WaitWritable(handle.DangerousGetHandle(), TimeSpan.FromMilliseconds(Math.Max(0, end - Environment.TickCount64))))
            {
                throw new TimeoutException(Messages.GuardDoesNotRead);
            }
        }
        catch (ObjectDisposedException exception)
        {
            throw new IOException(exception.Message, exception);
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }
    }

    private bool IsAlmostFull()
    {
        using (_lock.Enter())
        {
            return !_isOver && GuardNative.Unread(_pipe.SafePipeHandle.DangerousGetHandle()) > _partLimit;
        }
    }
}
