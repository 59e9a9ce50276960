using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Scopes;
using GracefulExit.Supervision;

namespace GracefulExit.Calls;

/// <summary>One call of <c>Wait-ExitRequest</c>.</summary>
/// <remarks>Threads: waits on the pipeline thread; the stopping thread wakes it.</remarks>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class WaitExitRequestCall(PSCmdlet cmdlet)
{
    /// <summary>How long the stop of the body may take to come.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);

    private volatile bool _isStopping;

    /// <summary>Waits, and writes whether an exit was requested.</summary>
    /// <param name="seconds">How long to wait; negative: for ever.</param>
    public void Run(double seconds)
    {
        Scope[] scopes = FindScopes();
        if (scopes.Length == 0)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new InvalidOperationException(Messages.NoExitHandler), "NoExitHandler", ErrorCategory.ObjectNotFound, null));
        }

        bool isRequested = Wait(scopes, seconds);
        if (isRequested && Array.Exists(scopes, IsEndingHere))
        {
            // A body without a grace period is being stopped at this moment: it gets no answer and no further statement.
            WaitForStop();
        }

        if (!_isStopping)
        {
            cmdlet.WriteObject(isRequested);
        }
    }

    /// <summary>The caller is being stopped.</summary>
    public void Stop()
    {
        _isStopping = true;
        Gate announcements = ExitRuntime.Current.Announcements;
        using (announcements.Enter())
        {
            announcements.PulseAll();
        }
    }

    private static bool IsEndingHere(Scope scope) => scope.Runspace == Runspace.DefaultRunspace && !scope.MayGoOn();

    private static Scope[] FindScopes()
    {
        Scope[] active = ExitRuntime.Current.Registry.Snapshot();
        Scope[] own = [.. active.Where(scope => scope.Runspace == Runspace.DefaultRunspace)];
        return own.Length > 0 ? own : active;
    }

    /// <returns>Whether an exit was requested, in contrast to the time being up or this pipeline being stopped.</returns>
    private bool Wait(Scope[] scopes, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        Gate announcements = ExitRuntime.Current.Announcements;
        using (announcements.Enter())
        {
            while (true)
            {
                if (Array.Exists(scopes, static scope => scope.Context.IsExitRequested))
                {
                    return true;
                }

                TimeSpan left = seconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds) - Stopwatch.GetElapsedTime(start);
                if (_isStopping || (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan))
                {
                    return false;
                }

                announcements.Wait(left == Timeout.InfiniteTimeSpan ? left : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
            }
        }
    }

    private void WaitForStop()
    {
        long start = Stopwatch.GetTimestamp();
        Gate announcements = ExitRuntime.Current.Announcements;
        using (announcements.Enter())
        {
            while (!_isStopping && Stopwatch.GetElapsedTime(start) < StopTime)
            {
                announcements.Wait(StopTime - Stopwatch.GetElapsedTime(start));
            }
        }
    }
}
