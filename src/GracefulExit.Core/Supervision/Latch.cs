using System.Diagnostics;

namespace GracefulExit.Supervision;

/// <summary>Something that happens once and can be waited for, also by a thread that is interrupted meanwhile.</summary>
/// <remarks>Threads: any. No spinning: the waiter would take CPU time from the body or exit block that it waits for.</remarks>
internal sealed class Latch
{
    private readonly Gate _gate = new();
    private volatile bool _isSet;

    public bool IsSet => _isSet;

    public void Set()
    {
        using (_gate.Enter())
        {
            _isSet = true;
            _gate.PulseAll();
        }
    }

    /// <returns>False: it has not happened within the time.</returns>
    public bool Wait(TimeSpan limit)
    {
        if (_isSet)
        {
            return true;
        }

        long start = Stopwatch.GetTimestamp();
        using (_gate.Enter())
        {
            while (!_isSet)
            {
                TimeSpan left = limit == Timeout.InfiniteTimeSpan ? limit : limit - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
                {
                    return false;
                }

                // Rounded up: waiting for less than a millisecond would be a busy loop.
                _gate.Wait(left == Timeout.InfiniteTimeSpan ? left : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
            }

            return true;
        }
    }
}
