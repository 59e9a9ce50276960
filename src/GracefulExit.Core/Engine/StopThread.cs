using System.Management.Automation;
using GracefulExit.Supervision;

namespace GracefulExit.Engine;

/// <summary>
/// Stops pipelines from a thread that waits for it: at the moment of a signal the system may have no thread to give. Only a stop
/// that comes while another one still waits for its pipeline gets a thread of its own. <see cref="PowerShell.BeginStop"/> needs
/// the thread pool where it comes at a pipeline's very start, and a script may have used up the pool.
/// </summary>
/// <remarks>Threads: any. The thread's only wait without a limit is the one for work, and that of the engine for the pipeline.</remarks>
internal static class StopThread
{
    private static readonly Gate Lock = new();
    private static Thread? _waiting;
    private static Action? _next;
    private static bool _isIdle;

    /// <summary>Starts the thread, if it does not run yet.</summary>
    /// <exception cref="OutOfMemoryException">The system has no thread to give.</exception>
    public static void Prepare()
    {
        using (Lock.Enter())
        {
            if (_waiting is null)
            {
                Thread thread = Make(Run);
                thread.Start();
                _waiting = thread;
            }
        }
    }

    /// <summary>Begins to stop; returns at once. A pipeline that has ended is left alone.</summary>
    /// <exception cref="OutOfMemoryException">The thread is busy, and the system has no other one to give.</exception>
    public static void Begin(PowerShell powerShell) => Begin(() => Stop(powerShell));

    /// <summary>Begins to do what stops something; returns at once.</summary>
    /// <exception cref="OutOfMemoryException">The thread is busy, and the system has no other one to give.</exception>
    public static void Begin(Action stop)
    {
        using (Lock.Enter())
        {
            if (_isIdle)
            {
                _isIdle = false;
                _next = stop;
                Lock.PulseAll();
                return;
            }
        }

        Make(new ThreadStart(stop)).Start();
    }

    private static Thread Make(ThreadStart work) => new(work, maxStackSize: 256 * 1024) { IsBackground = true, Name = "GracefulExit.Stop" };

    private static void Run()
    {
        while (true)
        {
            Next()();
        }
    }

    private static Action Next()
    {
        using (Lock.Enter())
        {
            _isIdle = true;
            Action? next;
            while ((next = _next) is null)
            {
                Lock.Wait(Timeout.InfiniteTimeSpan);
            }

            _next = null;
            return next;
        }
    }

    private static void Stop(PowerShell powerShell)
    {
        try
        {
            powerShell.Stop();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException or NullReferenceException)
        {
            // It has ended and was disposed meanwhile.
        }
    }
}
