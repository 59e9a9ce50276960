using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// Stops a pipeline on a separate thread. <see cref="PowerShell.BeginStop"/> needs the thread pool if it is called at the very
/// start of a pipeline, and a script may have used up the pool.
/// </summary>
internal static class StopThread
{
    /// <summary>Begins to stop; returns at once. A pipeline that has ended is left alone.</summary>
    /// <exception cref="OutOfMemoryException">The system refuses a thread.</exception>
    public static void Begin(PowerShell powerShell) =>
        new Thread(() => Stop(powerShell), maxStackSize: 256 * 1024) { IsBackground = true, Name = "GracefulExit.Stop" }.Start();

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
