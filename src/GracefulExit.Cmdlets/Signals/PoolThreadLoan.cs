namespace GracefulExit.Signals;

/// <summary>
/// Gives the thread pool another thread while one of its own waits in a signal handler: a storm of SIGHUPs, each of which .NET
/// delivers on a pool thread, would otherwise use up the pool that exit blocks need.
/// </summary>
/// <remarks>Threads: signal threads; the pool's minimum is changed under a lock.</remarks>
internal sealed class PoolThreadLoan : IDisposable
{
    private static readonly Lock Gate = new();

    private PoolThreadLoan() => Change(1);

    /// <returns>Null on a thread that is not the pool's.</returns>
    public static PoolThreadLoan? Take() => Thread.CurrentThread.IsThreadPoolThread ? new PoolThreadLoan() : null;

    public void Dispose() => Change(-1);

    private static void Change(int difference)
    {
        lock (Gate)
        {
            ThreadPool.GetMinThreads(out int workers, out int completionPorts);
            ThreadPool.SetMinThreads(workers + difference, completionPorts);
        }
    }
}
