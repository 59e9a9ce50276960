namespace GracefulExit.Guard;

/// <summary>
/// Writes as long as somebody reads. Once the terminal is closed or the pipe is broken, output is dropped, so that the exit
/// block that writes it still runs to its end.
/// </summary>
internal static class ForgivingWriter
{
    public static TextWriter Over(Stream stream) =>
        TextWriter.Synchronized(new StreamWriter(new ForgivingStream(stream), Console.OutputEncoding.WithoutPreamble()) { AutoFlush = true });

    private static System.Text.Encoding WithoutPreamble(this System.Text.Encoding encoding) =>
        encoding is System.Text.UTF8Encoding ? new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : encoding;

    private sealed class ForgivingStream(Stream stream) : Stream
    {
        private bool _isBroken;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Try(() => stream.Write(buffer, offset, count));

        public override void Flush() => Try(stream.Flush);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Try(Action write)
        {
            if (_isBroken)
            {
                return;
            }

            try
            {
                write();
            }
            catch (IOException)
            {
                _isBroken = true;
            }
        }
    }
}
