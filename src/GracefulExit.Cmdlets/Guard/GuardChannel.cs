using System.Buffers.Binary;
using System.IO.Pipes;
using GracefulExit.Native;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>
/// The pipe between an owner and its guard. It has no name and no file, both ends are close-on-exec, and only the guard
/// is given the other end: nobody else can read it, and no child of the body keeps it open.
/// </summary>
/// <remarks>
/// <para>
/// On the wire: once the four bytes of <see cref="Greeting"/>; then messages, each the length of what follows (4 bytes,
/// little-endian), the kind (1), the scope (4), the exit block (4), and the content. All but the content of a scope that
/// begins fits into one write(2) that the kernel does not divide (PIPE_BUF): it is in the pipe as a whole or not at all.
/// What is in the pipe outlives the owner.
/// </para>
/// <para>Threads: one writer at a time, which <see cref="GuardProcess"/> sees to; a reader, which is another process.</para>
/// </remarks>
internal static class GuardChannel
{
    /// <summary>The guard's number for its end: the first behind the standard ones.</summary>
    public const int ReaderDescriptor = 3;

    private const int HeaderSize = 9;

    /// <summary>At most this much is written at a time: a pipe that poll(2) calls writable takes it without blocking.</summary>
    private static readonly int ChunkSize = OperatingSystem.IsLinux() ? 4096 : 512;

    /// <summary>Two letters and the version of the protocol: owner and guard may have loaded different files if the module is replaced meanwhile.</summary>
    private static ReadOnlySpan<byte> Greeting => "GX\0\u0001"u8;

    /// <summary>The owner's end.</summary>
    internal sealed class Writer : IDisposable
    {
        /// <summary>What Linux gives without privileges; elsewhere pipes are 64 KiB.</summary>
        private const int PipeSize = 1 << 20;

        private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.Out, HandleInheritability.None);
        private bool _hasGreeted;

        public Writer() => LibC.SetPipeSize(_pipe.SafePipeHandle.DangerousGetHandle(), PipeSize);

        /// <summary>Gets the guard's end, as this process numbers it.</summary>
        public nint ReaderHandle => _pipe.ClientSafePipeHandle.DangerousGetHandle();

        /// <summary>The guard has its end: from now on it is the only one, and a write after the guard's death fails.</summary>
        public void CloseReader() => _pipe.DisposeLocalCopyOfClientHandle();

        /// <summary>Writes a message. When this returns, the guard will read it, whatever becomes of this process.</summary>
        /// <param name="message">The message.</param>
        /// <param name="timeout">How long a full pipe may stay full.</param>
        /// <exception cref="IOException">The guard is gone.</exception>
        /// <exception cref="TimeoutException">It does not read.</exception>
        public void Write(GuardMessage message, TimeSpan timeout)
        {
            byte[] bytes = ToBytes(message);
            for (int start = 0; start < bytes.Length; start += ChunkSize)
            {
                if (!LibC.WaitWritable(_pipe.SafePipeHandle.DangerousGetHandle(), timeout))
                {
                    throw new TimeoutException(Messages.GuardDoesNotRead);
                }

                _pipe.Write(bytes.AsSpan(start, Math.Min(ChunkSize, bytes.Length - start)));
            }
        }

        public void Dispose() => _pipe.Dispose();

        private byte[] ToBytes(GuardMessage message)
        {
            int greeting = _hasGreeted ? 0 : Greeting.Length;
            byte[] bytes = new byte[greeting + sizeof(int) + HeaderSize + message.Content.Length];
            Greeting[..greeting].CopyTo(bytes);
            _hasGreeted = true;
            Span<byte> rest = bytes.AsSpan(greeting);
            BinaryPrimitives.WriteInt32LittleEndian(rest, HeaderSize + message.Content.Length);
            rest[4] = (byte)message.Kind;
            BinaryPrimitives.WriteInt32LittleEndian(rest[5..], message.ScopeId);
            BinaryPrimitives.WriteInt32LittleEndian(rest[9..], message.BlockIndex);
            message.Content.Span.CopyTo(rest[13..]);
            return bytes;
        }
    }

    /// <summary>The guard's end.</summary>
    /// <param name="handle">The pipe; a guard finds it as <see cref="ReaderDescriptor"/>.</param>
    internal sealed class Reader(SafeFileHandle handle) : IDisposable
    {
        private readonly FileStream _pipe = new(handle, FileAccess.Read, bufferSize: 0);
        private bool _isGreeted;

        public Reader()
            : this(new SafeFileHandle(ReaderDescriptor, ownsHandle: true))
        {
        }

        /// <summary>Waits for a message.</summary>
        /// <returns>Null: the owner is dead, and what it had begun to write, if anything, is of a scope whose body had not begun.</returns>
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

            Span<byte> header = stackalloc byte[sizeof(int) + HeaderSize];
            if (!TryFill(header))
            {
                return null;
            }

            byte[] content = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - HeaderSize];
            return !TryFill(content) ? null : new GuardMessage(
                (GuardMessageKind)header[4],
                BinaryPrimitives.ReadInt32LittleEndian(header[5..]),
                BinaryPrimitives.ReadInt32LittleEndian(header[9..]),
                content);
        }

        public void Dispose() => _pipe.Dispose();

        private bool TryFill(Span<byte> bytes) => _pipe.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
    }
}
