using System.Globalization;

namespace GracefulExit.Tests.WindowsDriver;

/// <summary>Starts one process with a console of its own, tells the harness about it and does to it what the harness says.</summary>
/// <remarks>
/// The argument is the port of this machine on which the harness listens. The process gets this program's own standard
/// output and error. With the argument <c>keep</c> it only keeps Wine running until its standard input ends.
/// Where Windows ends a process after a console event, and a process that sends the event can't make it
/// do so, this program does it in its place.
/// </remarks>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["keep"])
        {
            KeepWine();
            return 0;
        }

        // Under Wine a program without a console of its own has its parent's, and one that has one can't enter another.
        _ = Kernel32.FreeConsole();
        using var channel = new ControlChannel(int.Parse(arguments[0], CultureInfo.InvariantCulture));
        try
        {
            Run(channel);
            return 0;
        }
        catch (Exception e)
        {
            channel.Write("failed", e.Message);
            return 1;
        }
    }

    // Wine's own processes start when they are first needed, as children of whatever needs them, and end with the last program.
    private static void KeepWine()
    {
        _ = Kernel32.GetDesktopWindow();
        Console.WriteLine("ready");
        _ = Console.In.ReadToEnd();
    }

    private static void Run(ControlChannel channel)
    {
        using var child = new Child(StartRequest.Read(channel));
        ConsoleEvent.IgnoreOwn();
        channel.Write("started", Text(child.Id));
        new Thread(() => ReportExit(child, channel)) { IsBackground = true }.Start();
        while (channel.Read() is { } message)
        {
            try
            {
                Answer(child, channel, message);
            }
            catch (Exception e)
            {
                channel.Write("error", e.Message);
            }
        }

        // The harness has no further use for it, or is gone.
        child.Kill();
    }

    private static void Answer(Child child, ControlChannel channel, string[] message)
    {
        switch (message)
        {
            case ["signal", var name]:
                channel.Write(child.Signal(name) ? "done" : "gone");
                break;
            case ["processes"]:
                channel.Write(["processes", .. child.Processes().SelectMany(process => new[] { Text((uint)process.Id), process.Program })]);
                break;
            case ["kill"]:
                child.Kill();
                channel.Write("done");
                break;
            default:
                channel.Write("error", $"Unknown message: {string.Join(' ', message)}");
                break;
        }
    }

    private static void ReportExit(Child child, ControlChannel channel)
    {
        uint status = child.WaitForExit();
        channel.Write("exited", Text(status), child.WasEnded(status) ? child.EndedBy! : "");

        // Under Wine the output ends for its reader only when this process has ended too.
        child.WaitForAll();

        // Of what Wine has left.
        child.Kill();

        // Wine keeps a connection that somebody reads from, past the end of the process, so it has to be shut down. And not
        // Environment.Exit: it has hung under Wine while the other thread was reading.
        channel.ShutDown();
        _ = Kernel32.TerminateProcess(Kernel32.GetCurrentProcess(), 0);
    }

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
