using System.Runtime.ExceptionServices;

namespace GracefulExit.Engine;

/// <summary>Tells whether a thread has thrown since: a stopped body unwinds by exceptions.</summary>
/// <remarks>
/// <para>
/// The engine can lose a stop. At the end of each pipeline, and around <c>finally</c> blocks, it suspends a stop and restores it
/// (<c>PipelineProcessor.Clean</c>, <c>ExceptionHandlingOps.SuspendStoppingPipeline</c>), and a stop that comes between the two is
/// overwritten. The body then goes on as if nothing had happened. To look at the flag alone is not enough: it is off in a
/// <c>finally</c> block of a stopped body too, which must not be stopped again. But to get there the body has thrown.
/// </para>
/// <para>Threads: made and disposed on any; the event comes on the watched thread.</para>
/// </remarks>
internal sealed class UnwindWatch : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _hasThrown;

    public UnwindWatch(Thread thread)
    {
        _thread = thread;
        AppDomain.CurrentDomain.FirstChanceException += OnThrown;
    }

    public bool HasThrown => _hasThrown;

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= OnThrown;

    private void OnThrown(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (Thread.CurrentThread == _thread)
        {
            _hasThrown = true;
        }
    }
}
