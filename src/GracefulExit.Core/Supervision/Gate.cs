namespace GracefulExit.Supervision;

/// <summary>
/// A lock that <see cref="Thread.Interrupt"/> does not break: the interrupt that frees a blocked body may still be pending
/// when the body's thread comes to a lock of ours, and would be thrown there.
/// </summary>
/// <remarks>Threads: any. An interrupt that comes while a thread waits here is used up.</remarks>
internal sealed class Gate
{
    private static volatile bool _hasInterrupted;

    private readonly object _lock = new();

    /// <summary>Takes the lock; to be disposed to leave it.</summary>
    public Held Enter()
    {
        while (true)
        {
            try
            {
                Monitor.Enter(_lock);
                return new Held(_lock);
            }
            catch (ThreadInterruptedException)
            {
                // Thrown on entering the wait: the lock has not been taken.
            }
        }
    }

    /// <summary>Leaves the lock until <see cref="PulseAll"/> or until the time is up. The caller holds it and looks again.</summary>
    /// <param name="limit">How long; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    public void Wait(TimeSpan limit)
    {
        try
        {
            _ = Monitor.Wait(_lock, Waits.Clamp(limit));
        }
        catch (ThreadInterruptedException)
        {
            // The lock has been taken again; the caller looks and waits on.
        }
    }

    /// <summary>Wakes who waits. The caller holds the lock.</summary>
    public void PulseAll() => Monitor.PulseAll(_lock);

    /// <summary>Interrupts a thread's wait, or its next one if it does not wait now.</summary>
    public static void Interrupt(Thread thread)
    {
        // First: whoever sees the interrupt sees this too.
        _hasInterrupted = true;
        thread.Interrupt();
    }

    /// <summary>Takes back an interrupt that came too late, so that it does not hit the thread's next wait.</summary>
    public static void ClearPendingInterrupt()
    {
        if (!_hasInterrupted)
        {
            // The wait below gives up the processor, for nothing: hardly any scope has its thread interrupted.
            return;
        }

        try
        {
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
            // That was it.
        }
    }

    /// <summary>The lock is held until this is disposed.</summary>
    public readonly ref struct Held(object taken) : IDisposable
    {
        public void Dispose() => Monitor.Exit(taken);
    }
}
