using System.Runtime.InteropServices;

namespace GracefulExit.Tests.Harness;

/// <summary>
/// Signal handlers in compiled code, like those of another module: a script block as a handler would crash the process.
/// </summary>
/// <remarks>Scripts under test call this from inside the shell under test; the handlers run on .NET's signal threads.</remarks>
public static class OlderHandler
{
    // A registration that is garbage-collected is unregistered.
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly SemaphoreSlim Runs = new(0);

    /// <summary>Registers a handler that writes a line to standard output when it runs; an empty line is not written.</summary>
    /// <remarks>It leaves the signal's default effect alone.</remarks>
    public static void Register(string signalName, string line)
    {
        var registration = PosixSignalRegistration.Create(Signals.ToPosix(signalName), _ =>
        {
            if (line.Length > 0)
            {
                Console.Out.WriteLine(line);
                Console.Out.Flush();
            }

            Runs.Release();
        });
        lock (Registrations)
        {
            Registrations.Add(registration);
        }
    }

    /// <summary>Unregisters all of them.</summary>
    public static void Clear()
    {
        lock (Registrations)
        {
            Registrations.ForEach(registration => registration.Dispose());
            Registrations.Clear();
        }
    }

    /// <summary>Waits until a handler has run; each call waits for a further run.</summary>
    public static void WaitForRun()
    {
        if (!Runs.Wait(TimeSpan.FromSeconds(20)))
        {
            throw new TimeoutException("No handler ran.");
        }
    }
}
