using System.Net.Sockets;

namespace GracefulExit.ProcessEnd;

/// <summary>
/// Tells systemd that the service is on its way down (row D6): sd_notify(3), the datagram <c>STOPPING=1</c> to the socket that
/// <c>NOTIFY_SOCKET</c> names; a leading @ means the abstract namespace, unix(7).
/// </summary>
/// <remarks>Threads: any; it is sent once a process.</remarks>
internal static class SystemdNotifier
{
    private static int _isSent;

    public static void NotifyStopping()
    {
        string? path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (!string.IsNullOrEmpty(path) && Interlocked.Exchange(ref _isSent, 1) == 0)
        {
            Send(path, "STOPPING=1"u8);
        }
    }

    private static void Send(string path, ReadOnlySpan<byte> message)
    {
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
            socket.Send(message);
        }
        catch (SocketException)
        {
            // The supervisor is not listening. It loses a notice; nobody loses a clean-up.
        }
        catch (ArgumentException)
        {
            // No path that a socket can have.
        }
    }
}
