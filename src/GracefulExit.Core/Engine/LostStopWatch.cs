using System.Runtime.ExceptionServices;
using GracefulExit.Supervision;

namespace GracefulExit.Engine;

/// <summary>Finds that the engine has lost the stop of what runs on a thread.</summary>
/// <remarks>
/// <para>
/// At the end of each pipeline, and around <c>finally</c> blocks, the engine suspends a stop and restores it
/// (<c>PipelineProcessor.Clean</c>, <c>ExceptionHandlingOps.SuspendStoppingPipeline</c>), and a stop that comes between the two is
/// overwritten. What was stopped then goes on as if nothing had happened. To look at the flag alone is not enough: it is off in a
/// <c>finally</c> block of a stopped block too, which must not be stopped again. But to get there the thread has thrown.
/// </para>
/// <para>Threads: made and disposed on any; <see cref="IsLost"/> on one at a time; the event comes on the watched thread.</para>
/// </remarks>
internal sealed class LostStopWatch : IDisposable
{
    /// <summary>How long a stop must not have been in force to count as lost.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromMilliseconds(250);

    private readonly Thread _thread;
    private Spell _lost;
    private volatile bool _hasThrown;
    private volatile bool _isPaused;

    /// <summary>Begins to watch, before the stop is sent.</summary>
    public LostStopWatch(Thread thread)
    {
        _thread = thread;
        AppDomain.CurrentDomain.FirstChanceException += OnThrown;
    }

    /// <summary>Gets a value indicating whether the thread has thrown since: what was stopped is unwinding, or has caught something of its own.</summary>
    public bool HasThrown => _hasThrown;

    /// <summary>Something else begins or ends on the thread, such as a scope within a body: what it throws says nothing of what was stopped.</summary>
    public void Pause(bool isPaused) => _isPaused = isPaused;

    /// <summary>A look at the stop.</summary>
    /// <param name="isInForce">Whether it is in force now; null: it has not come yet, or nobody can tell.</param>
    /// <returns>Whether it was not in force at any look for <see cref="LostAfter"/>, and the thread has thrown nothing since it was sent.</returns>
    public bool IsLost(bool? isInForce) => _lost.HasLasted(isInForce == false && !_hasThrown, LostAfter);

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= OnThrown;

    private void OnThrown(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (!_isPaused && Thread.CurrentThread == _thread)
        {
            _hasThrown = true;
        }
    }
}
