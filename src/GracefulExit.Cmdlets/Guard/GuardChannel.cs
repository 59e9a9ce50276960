using System.Buffers.Binary;
using System.IO.Pipes;
using GracefulExit.Native;
using GracefulExit.Supervision;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>
/// The pipe between an owner and its guard. It has no name and no file, both ends are close-on-exec, and only the guard is
/// given the other end: no child of the body keeps it open. (Who may debug the owner, which is every process of the same
/// user, can read it, as it can read the owner's memory.)
/// </summary>
/// <remarks>
/// <para>
/// On the wire: once the four bytes of <see cref="Greeting"/>; then messages, each the length of what follows (4 bytes,
/// little-endian), the kind (1), the scope (4), the exit block (4), and the content. Each is one write(2) that the kernel does
/// not divide (PIPE_BUF): it is in the pipe as a whole or not at all. A content that is bigger comes in parts before the
/// message that it belongs to; other messages may come in between. What is in the pipe outlives the owner.
/// </para>
/// <para>
/// Threads: any may write; the lock is held for one write that does not block, never while a thread waits for room. A reader,
/// which is another process.
/// </para>
/// </remarks>
internal static class GuardChannel
{
    /// <summary>The guard's number for its end: the first behind the standard ones.</summary>
    public const int ReaderDescriptor = 3;

    private const int HeaderSize = 9;
    private const int LengthSize = sizeof(int);

    /// <summary>At most this much is written at a time: a pipe that poll(2) calls writable takes it without blocking.</summary>
    private static readonly int ChunkSize = OperatingSystem.IsLinux() ? 4096 : 512;

    /// <summary>The biggest content of a message.</summary>
    private static readonly int PartSize = ChunkSize - LengthSize - HeaderSize;

    /// <summary>Two letters and the version of the protocol: owner and guard may have loaded different files if the module is replaced meanwhile.</summary>
    private static ReadOnlySpan<byte> Greeting => "GX\0\u0002"u8;

    /// <summary>The owner's end.</summary>
    internal sealed class Writer : IDisposable
    {
        /// <summary>What Linux gives without privileges; elsewhere pipes are 64 KiB.</summary>
        private const int PipeSize = 1 << 20;

        /// <summary>How often one looks who waits for room in a pipe that is not full: no event tells of that.</summary>
        private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

        private readonly Gate _lock = new();
        private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.Out, HandleInheritability.None);
        private readonly int _partLimit;
        private bool _isOver;

        public Writer()
        {
            nint descriptor = _pipe.SafePipeHandle.DangerousGetHandle();
            LibC.SetPipeSize(descriptor, PipeSize);
            int size = GuardNative.PipeSize(descriptor);
            _partLimit = size == 0 ? int.MaxValue : size - (size / 8);
            _pipe.Write(Greeting);
        }

        /// <summary>Gets the guard's end, as this process numbers it.</summary>
        public nint ReaderHandle => _pipe.ClientSafePipeHandle.DangerousGetHandle();

        /// <summary>The guard has its end: from now on it is the only one, and a write after the guard's death fails.</summary>
        public void CloseReader() => _pipe.DisposeLocalCopyOfClientHandle();

        /// <summary>Writes a message. When this returns, the guard will read it, whatever becomes of this process.</summary>
        /// <param name="message">The message.</param>
        /// <param name="timeout">How long all of it may take.</param>
        /// <exception cref="IOException">The guard is gone.</exception>
        /// <exception cref="TimeoutException">It does not read.</exception>
        public void Write(GuardMessage message, TimeSpan timeout)
        {
            long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
            int start = 0;
            for (; message.Content.Length - start > PartSize; start += PartSize)
            {
                WaitForRoom(end);
                WriteOne(message with { Kind = GuardMessageKind.Part, Content = message.Content.Slice(start, PartSize) }, end);
            }

            WriteOne(message with { Content = message.Content[start..] }, end);
        }

        public void Dispose()
        {
            using (_lock.Enter())
            {
                _isOver = true;
                _pipe.Dispose();
            }
        }

        private void WriteOne(GuardMessage message, long end)
        {
            byte[] bytes = ToBytes(message);
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

        private void WaitWritable(long end)
        {
            // Held, so that the descriptor is no other file's if the channel is closed meanwhile.
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

        /// <summary>
        /// Before a part: leaves an eighth of the pipe to other scopes' messages, which must not wait for a guard that is still
        /// starting.
        /// </summary>
        private void WaitForRoom(long end)
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
                    // Meant for a body, which has not begun.
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

        private static byte[] ToBytes(GuardMessage message)
        {
            byte[] bytes = new byte[LengthSize + HeaderSize + message.Content.Length];
            Span<byte> rest = bytes;
            BinaryPrimitives.WriteInt32LittleEndian(rest, HeaderSize + message.Content.Length);
            rest[4] = (byte)message.Kind;
            BinaryPrimitives.WriteInt32LittleEndian(rest[5..], message.ScopeId);
            BinaryPrimitives.WriteInt32LittleEndian(rest[9..], message.BlockId);
            message.Content.Span.CopyTo(rest[13..]);
            return bytes;
        }
    }

    /// <summary>The guard's end.</summary>
    /// <param name="handle">The pipe; a guard finds it as <see cref="ReaderDescriptor"/>.</param>
    internal sealed class Reader(SafeFileHandle handle) : IDisposable
    {
        private readonly FileStream _pipe = new(handle, FileAccess.Read, bufferSize: 0);
        private readonly Dictionary<(int Scope, int Block), MemoryStream> _parts = [];
        private bool _isGreeted;

        public Reader()
            : this(new SafeFileHandle(ReaderDescriptor, ownsHandle: true))
        {
        }

        /// <summary>Waits for a message.</summary>
        /// <returns>
        /// Null: the owner is dead. What it had begun to write, if anything, is of a scope whose body had not begun, or of an exit
        /// block that had not been pushed.
        /// </returns>
        /// <exception cref="InvalidDataException">The other end is no owner, or one of another version.</exception>
        public GuardMessage? Read()
        {
            Span<byte> greeting = stackalloc byte[Greeting.Length];
            if (!_isGreeted)
            {
                if (!TryFill(greeting))
                {
                    return null;
                }

                _isGreeted = greeting.SequenceEqual(Greeting) ? true : throw new InvalidDataException(Messages.GuardVersionDiffers);
            }

            while (ReadOne() is { } message)
            {
                (int Scope, int Block) key = (message.ScopeId, message.BlockId);
                switch (message.Kind)
                {
                    case GuardMessageKind.Part:
                        if (!_parts.TryGetValue(key, out MemoryStream? parts))
                        {
                            _parts.Add(key, parts = new MemoryStream());
                        }

                        parts.Write(message.Content.Span);
                        continue;
                    case GuardMessageKind.ScopeBegins or GuardMessageKind.BlockPushed when _parts.Remove(key, out MemoryStream? before):
                        before.Write(message.Content.Span);
                        return message with { Content = before.ToArray() };
                    case GuardMessageKind.ScopeEnded:
                        foreach ((int Scope, int Block) left in _parts.Keys.Where(left => left.Scope == message.ScopeId).ToArray())
                        {
                            _parts.Remove(left);
                        }

                        return message;
                    default:
                        return message;
                }
            }

            return null;
        }

        public void Dispose() => _pipe.Dispose();

        private GuardMessage? ReadOne()
        {
            Span<byte> header = stackalloc byte[LengthSize + HeaderSize];
            if (!TryFill(header))
            {
                return null;
            }

            int length = BinaryPrimitives.ReadInt32LittleEndian(header) - HeaderSize;
            if (length < 0 || length > PartSize)
            {
                throw new InvalidDataException(Messages.GuardVersionDiffers);
            }

            byte[] content = new byte[length];
            return !TryFill(content) ? null : new GuardMessage(
                (GuardMessageKind)header[4],
                BinaryPrimitives.ReadInt32LittleEndian(header[5..]),
                BinaryPrimitives.ReadInt32LittleEndian(header[9..]),
                content);
        }

        private bool TryFill(Span<byte> bytes) => _pipe.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
    }
}
