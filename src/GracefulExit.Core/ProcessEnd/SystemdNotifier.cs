using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace GracefulExit.ProcessEnd;

/// <summary>
/// Tells systemd that the service is stopping (row D6): sd_notify(3), a datagram to the socket that <c>NOTIFY_SOCKET</c> names;
/// a leading @ means the abstract namespace, unix(7). Not used if the script goes on: after <c>STOPPING=1</c> systemd expects
/// the service to end.
/// </summary>
/// <remarks>Threads: any. Sent once in a process; never blocks.</remarks>
internal sealed class SystemdNotifier
{
    private int _isSent;

    /// <summary>Sends <c>STOPPING=1</c>.</summary>
    /// <param name="time">How long the end may take: <c>EXTEND_TIMEOUT_USEC</c>.</param>
    public void NotifyStopping(TimeSpan time)
    {
        string? path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (!string.IsNullOrEmpty(path) && Interlocked.Exchange(ref _isSent, 1) == 0)
        {
            long microseconds = (long)Math.Min(time.TotalMicroseconds, int.MaxValue * 1000.0);
            Send(path, string.Create(CultureInfo.InvariantCulture, $"STOPPING=1\nEXTEND_TIMEOUT_USEC={microseconds}"));
        }
    }

    private static void Send(string path, string message)
    {
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
            socket.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // systemd is not listening, or its socket is full. Only the message is lost.
        }
        catch (ArgumentException)
        {
            // Not a valid socket path.
        }
    }
}
