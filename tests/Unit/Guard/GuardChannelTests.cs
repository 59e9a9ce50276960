using System.Diagnostics;
using System.IO.Pipes;
using GracefulExit.Guard;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Unit.Guard;

/// <summary>The pipe between an owner and its guard: both ends in this process.</summary>
public sealed class GuardChannelTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static readonly GuardMessage[] Messages =
    [
        new(GuardMessageKind.ScopeBegins, 1, 0, new byte[] { 1, 2, 3 }),
        new(GuardMessageKind.ScopeBegins, int.MaxValue),
        new(GuardMessageKind.BlockBegins, 1, 300),
        new(GuardMessageKind.BlockEnded, 1, 300),
        new(GuardMessageKind.BlockPushed, 1, 301, new byte[] { 4 }),
        new(GuardMessageKind.BlockRemoved, 1, 301),
        new(GuardMessageKind.ScopeEnded, int.MaxValue),
        new(GuardMessageKind.Leave),
    ];

    [Fact]
    public void Messages_arrive_unchanged_and_in_order_before_the_end()
    {
        using GuardChannel.Writer writer = new();
        using GuardChannel.Reader reader = ReaderOf(writer);
        foreach (GuardMessage message in Messages)
        {
            writer.Write(message, Soon);
        }

        writer.Dispose();
        Assert.All(Messages, message => AssertSame(message, reader.Read()));
        Assert.Null(reader.Read());
        Assert.Null(reader.Read());
    }

    [Fact]
    public void Complete_messages_in_the_pipe_outlive_their_writer()
    {
        byte[] bytes = BytesOf(Messages);
        int[] ends = [.. Messages.Select((_, index) => BytesOf(Messages[..(index + 1)]).Length)];
        for (int length = 0; length <= bytes.Length; length++)
        {
            using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
            pipe.Write(bytes.AsSpan(0, length));
            using GuardChannel.Reader reader = ReaderOf(pipe);
            pipe.Dispose();
            for (int i = 0; i < ends.Count(end => end <= length); i++)
            {
                AssertSame(Messages[i], reader.Read());
            }

            Assert.Null(reader.Read());
        }
    }

    [Fact]
    public void Messages_may_arrive_byte_by_byte()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        using GuardChannel.Reader reader = ReaderOf(pipe);
        Thread writing = new(() =>
        {
            foreach (byte one in BytesOf(Messages))
            {
                pipe.WriteByte(one);

                // The reader has had this one when it waits for the next.
                Thread.Yield();
            }

            pipe.Dispose();
        });
        writing.Start();
        Assert.All(Messages, message => AssertSame(message, reader.Read()));
        Assert.Null(reader.Read());
        writing.Join();
    }

    [Fact]
    public void A_message_bigger_than_the_pipe_is_sent_in_parts()
    {
        byte[] content = new byte[5_000_000];
        new Random(1).NextBytes(content);
        GuardMessage big = new(GuardMessageKind.ScopeBegins, 7, 0, content);
        using GuardChannel.Writer writer = new();
        using GuardChannel.Reader reader = ReaderOf(writer);
        Thread writing = new(() => writer.Write(big, Soon));
        writing.Start();
        AssertSame(big, reader.Read());
        writing.Join();
    }

    [Fact]
    public void Messages_of_other_scopes_overtake_a_payload_that_waits_for_the_reader()
    {
        byte[] content = new byte[5_000_000];
        new Random(2).NextBytes(content);
        GuardMessage big = new(GuardMessageKind.ScopeBegins, 7, 0, content);
        GuardMessage begins = new(GuardMessageKind.BlockBegins, 3, 1);
        using GuardChannel.Writer writer = new();
        using GuardChannel.Reader reader = ReaderOf(writer);
        Thread writing = new(() => writer.Write(big, TimeSpan.FromSeconds(60)));
        writing.Start();

        // Nobody reads: the payload fills its part of the pipe and waits there.
        Assert.True(SpinWait.SpinUntil(() => writing.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin), Soon));
        long start = Stopwatch.GetTimestamp();
        writer.Write(begins, TimeSpan.FromSeconds(1));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        AssertSame(begins, reader.Read());
        AssertSame(big, reader.Read());
        writing.Join();
    }

    [Fact]
    public void Payloads_that_are_sent_at_the_same_time_arrive_unchanged()
    {
        GuardMessage[] big = [.. Enumerable.Range(1, 4).Select(static scope => new GuardMessage(
            scope == 4 ? GuardMessageKind.BlockPushed : GuardMessageKind.ScopeBegins, Math.Min(scope, 3), scope == 4 ? 9 : 0, Bytes(scope, 200_000 + scope)))];
        using GuardChannel.Writer writer = new();
        using GuardChannel.Reader reader = ReaderOf(writer);
        Thread[] writing = [.. big.Select(message => new Thread(() => writer.Write(message, Soon)))];
        Array.ForEach(writing, static thread => thread.Start());
        GuardMessage[] read = [.. big.Select(_ => reader.Read()!)];
        Assert.All(big, message => AssertSame(message, read.Single(each => each.ScopeId == message.ScopeId && each.BlockId == message.BlockId)));
        Array.ForEach(writing, static thread => thread.Join());
    }

    [Fact]
    public void An_incomplete_payload_leaves_nothing()
    {
        using GuardChannel.Writer writer = new();
        using GuardChannel.Reader reader = ReaderOf(writer);
        writer.Write(new GuardMessage(GuardMessageKind.Part, 5, 0, new byte[100]), Soon);
        writer.Write(new GuardMessage(GuardMessageKind.ScopeEnded, 5), Soon);
        writer.Write(new GuardMessage(GuardMessageKind.ScopeBegins, 5, 0, new byte[] { 1 }), Soon);
        AssertSame(new GuardMessage(GuardMessageKind.ScopeEnded, 5), reader.Read());
        AssertSame(new GuardMessage(GuardMessageKind.ScopeBegins, 5, 0, new byte[] { 1 }), reader.Read());
    }

    [Fact]
    public void A_pipe_that_stays_full_is_given_up()
    {
        using GuardChannel.Writer writer = new();
        GuardMessage big = new(GuardMessageKind.ScopeBegins, 1, 0, new byte[5_000_000]);
        long start = Stopwatch.GetTimestamp();
        Assert.Throws<TimeoutException>(() => writer.Write(big, TimeSpan.FromMilliseconds(50)));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(30), Soon);
    }

    [Fact]
    public void Writing_to_a_guard_that_is_gone_fails()
    {
        using GuardChannel.Writer writer = new();
        writer.Pipe.CloseReader();
        Assert.ThrowsAny<IOException>(() => writer.Write(new GuardMessage(GuardMessageKind.BlockBegins, 1), Soon));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Another_version_is_refused(int place)
    {
        byte[] bytes = BytesOf(Messages);
        bytes[place]++;
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        pipe.Write(bytes);
        using GuardChannel.Reader reader = ReaderOf(pipe);
        Assert.Throws<InvalidDataException>(() => reader.Read());
    }

    private static byte[] Bytes(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void AssertSame(GuardMessage expected, GuardMessage? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Content = default }, actual with { Content = default });
        Assert.True(expected.Content.Span.SequenceEqual(actual.Content.Span));
    }

    private static byte[] BytesOf(IEnumerable<GuardMessage> messages)
    {
        using GuardChannel.Writer writer = new();
        using FileStream pipe = new(Duplicate(writer), FileAccess.Read);
        foreach (GuardMessage message in messages)
        {
            writer.Write(message, Soon);
        }

        writer.Dispose();
        using MemoryStream bytes = new();
        pipe.CopyTo(bytes);
        return bytes.ToArray();
    }

    // As in a guard: this end is there when the owner's copy of it has been closed.
    private static GuardChannel.Reader ReaderOf(GuardChannel.Writer writer)
    {
        SafeFileHandle end = Duplicate(writer);
        writer.Pipe.CloseReader();
        return new GuardChannel.Reader(end);
    }

    private static GuardChannel.Reader ReaderOf(AnonymousPipeServerStream pipe)
    {
        SafeFileHandle end = Duplicate(pipe.ClientSafePipeHandle.DangerousGetHandle());
        pipe.DisposeLocalCopyOfClientHandle();
        return new GuardChannel.Reader(end);
    }

    private static SafeFileHandle Duplicate(GuardChannel.Writer writer) => Duplicate(writer.Pipe.Reader.DangerousGetHandle());

    private static SafeFileHandle Duplicate(nint descriptor) => File.OpenHandle($"/dev/fd/{descriptor}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
}
