using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// Stops a pipeline from a thread of its own. <see cref="PowerShell.BeginStop"/> needs the thread pool where it comes at a
/// pipeline's very start, and a script may have used up the pool.
/// </summary>
internal static class StopThread
{
    /// <summary>Begins to stop; returns at once. A pipeline that has ended is left alone.</summary>
    /// <exception cref="OutOfMemoryException">The system has no thread to give.</exception>
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
            // It has ended and was disposed of meanwhile.
        }
    }
}
