using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>
/// The pipe between an owner and its guard. It has no name and no file, and only the guard gets the other end, so no child of
/// the body keeps it open. (A process that may debug the owner, which means any process of the same user, can read it, just
/// as it can read the owner's memory.)
/// </summary>
/// <remarks>
/// <para>
/// On the wire: first the four bytes of <see cref="Greeting"/>; then messages. A message is the length of what follows (4
/// bytes, little-endian), the kind (1), the scope (4), the exit block (4), and the content. A message is in the pipe as a
/// whole or not at all: one that the owner's death cuts short is dropped. Bigger content comes in parts before the message
/// that it belongs to, and other messages may come in between. What is in the pipe outlives the owner.
/// </para>
/// <para>
/// Threads: any may write. There is one reader, in the other process.
/// </para>
/// </remarks>
internal static class GuardChannel
{
    private const int HeaderSize = 9;
    private const int LengthSize = sizeof(int);

    /// <summary>The maximum size of a message's content.</summary>
    private static readonly int PartSize = IGuardSystem.Current.ChunkSize - LengthSize - HeaderSize;

    /// <summary>Two letters and the version of the protocol: owner and guard may have loaded different files if the module is replaced meanwhile.</summary>
    private static ReadOnlySpan<byte> Greeting => "GX\0\u0002"u8;

    /// <summary>The owner's end.</summary>
    internal sealed class Writer : IDisposable
    {
        private readonly IGuardPipe _pipe = IGuardSystem.Current.CreatePipe();

        // The pipe is empty.
        public Writer() => _pipe.Write(Greeting.ToArray(), Environment.TickCount64 + int.MaxValue);

        /// <summary>Gets the pipe, for starting the guard.</summary>
        public IGuardPipe Pipe => _pipe;

        /// <summary>Writes a message. Once this returns, the guard will read it, even if this process dies.</summary>
        /// <param name="message">The message.</param>
        /// <param name="timeout">The time limit for the whole message.</param>
        /// <exception cref="IOException">The guard is gone.</exception>
        /// <exception cref="TimeoutException">The guard does not read.</exception>
        public void Write(GuardMessage message, TimeSpan timeout)
        {
            long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
            int start = 0;
            for (; message.Content.Length - start > PartSize; start += PartSize)
            {
                _pipe.WaitForRoom(end);
                _pipe.Write(ToBytes(message with { Kind = GuardMessageKind.Part, Content = message.Content.Slice(start, PartSize) }), end);
            }

            _pipe.Write(ToBytes(message with { Content = message.Content[start..] }), end);
        }

        public void Dispose() => _pipe.Dispose();

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
    /// <param name="handle">The pipe.</param>
    internal sealed class Reader(SafeFileHandle handle) : IDisposable
    {
        private readonly FileStream _pipe = new(handle, FileAccess.Read, bufferSize: 0);
        private readonly List<Parts> _parts = [];
        private bool _isGreeted;

        public Reader()
            : this(IGuardSystem.Current.OpenPipe())
        {
        }

        /// <summary>Waits for a message.</summary>
        /// <returns>
        /// Null: the owner is dead. A message that it had begun to write concerns a scope whose body had not begun, or an exit block
        /// that had not been pushed.
        /// </returns>
        /// <exception cref="InvalidDataException">The other end is not an owner, or has another version.</exception>
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
                Parts? parts = _parts.Find(parts => parts.ScopeId == message.ScopeId && parts.BlockId == message.BlockId);
                switch (message.Kind)
                {
                    case GuardMessageKind.Part:
                        if (parts is null)
                        {
                            _parts.Add(parts = new Parts(message.ScopeId, message.BlockId));
                        }

                        parts.Content.Write(message.Content.Span);
                        continue;
                    case GuardMessageKind.ScopeBegins or GuardMessageKind.BlockPushed when parts is not null:
                        _ = _parts.Remove(parts);
                        parts.Content.Write(message.Content.Span);
                        return message with { Content = parts.Content.ToArray() };
                    case GuardMessageKind.ScopeEnded:
                        _ = _parts.RemoveAll(left => left.ScopeId == message.ScopeId);
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

        /// <summary>Content that has come in parts so far, of a message that is to come.</summary>
        private sealed class Parts(int scopeId, int blockId)
        {
            public int ScopeId => scopeId;

            public int BlockId => blockId;

            public MemoryStream Content { get; } = new();
        }
    }
}
