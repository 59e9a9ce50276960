using System.Net;
using System.Net.Sockets;

namespace GracefulExit.Tools.Comparison;

/// <summary>The .NET column: this program, told to be the work.</summary>
internal static class DotnetPeer
{
    public static int Run(string situation)
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            Console.WriteLine("clean-up");
            Thread.Sleep(300);
            Console.WriteLine("cleaned up");
        };
        switch (situation)
        {
            case "error":
                throw new InvalidOperationException("an error");
            case "exit":
                return 4;
            case "sleep":
                Console.WriteLine("ready");
                Thread.Sleep(Timeout.Infinite);
                break;
            case "blocked":
                using (TcpListener listener = new(IPAddress.Loopback, 0))
                {
                    listener.Start();
                    Console.WriteLine("ready");
                    using TcpClient client = listener.AcceptTcpClient();
                }

                break;
            case "crash":
                Environment.FailFast("a crash");
                break;
            case "thread":
                new Thread(() => Environment.Exit(3)).Start();
                Thread.Sleep(Timeout.Infinite);
                break;
        }

        Console.WriteLine("caller goes on");
        return 0;
    }
}
