namespace GracefulExit.Guard;

/// <summary>
/// A lock that <see cref="Thread.Interrupt"/> does not break: the interrupt that frees a blocked body may still be pending
/// when its thread tells the guard something.
/// </summary>
internal sealed class PatientLock
{
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

    /// <summary>The lock is held until this is disposed.</summary>
    public readonly ref struct Held(object taken) : IDisposable
    {
        public void Dispose() => Monitor.Exit(taken);
    }
}
