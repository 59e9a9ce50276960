using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GracefulExit.Tests.WindowsDriver;

/// <summary>The connection to the harness: messages of several words, a line each.</summary>
/// <remarks>One thread reads. Any thread may write. Words are escaped as in a URL, so a blank separates them.</remarks>
internal sealed class ControlChannel : IDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;
    private readonly Stream _stream;
    private readonly Lock _gate = new();

    /// <summary>Connects to the harness, which listens on this machine.</summary>
    public ControlChannel(int port)
    {
        _client = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
        _client.Connect(IPAddress.Loopback, port);
        _stream = _client.GetStream();
        _reader = new StreamReader(_stream, Encoding.ASCII);
    }

    /// <summary>The next message; null if the harness has closed the connection or is gone.</summary>
    public string[]? Read()
    {
        try
        {
            return _reader.ReadLine()?.Split(' ').Select(Uri.UnescapeDataString).ToArray();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Sends a message. A harness that is gone needs none.</summary>
    public void Write(params string[] words)
    {
        byte[] line = Encoding.ASCII.GetBytes(string.Join(' ', words.Select(Uri.EscapeDataString)) + "\n");
        try
        {
            lock (_gate)
            {
                _stream.Write(line);
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Ends the connection, also for a thread that reads from it.</summary>
    public void ShutDown()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It has ended already.
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
