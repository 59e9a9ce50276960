using System.Diagnostics;
using System.Management.Automation.Runspaces;
using System.Management.Automation;
using GracefulExit.Parameters;
using GracefulExit.Scopes;
using GracefulExit.Supervision;

namespace GracefulExit.Commands;

/// <summary>
/// Waits for an exit request: true as soon as there is one, false when the time is up. A sleep that a daemon's loop can
/// be woken from.
/// </summary>
/// <remarks>
/// Within a scope's body it answers for the scopes around it; in another runspace, such as a thread job's, for the scopes of
/// the process. Threads: waits on the pipeline thread; the stopping thread wakes it.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "ExitRequest", HelpUri = HelpPages.Root + "Wait-ExitRequest.md")]
[OutputType(typeof(bool))]
public sealed class WaitExitRequestCommand : PSCmdlet
{
    private volatile bool _isStopping;

    /// <summary>Gets or sets how many seconds to wait; for ever if not given, 0: only look.</summary>
    [Parameter(Position = 0)]
    [Seconds]
    public double TimeoutSeconds { get; set; } = -1;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Scope[] scopes = FindScopes();
        if (scopes.Length == 0)
        {
            ThrowTerminatingError(new ErrorRecord(
                new InvalidOperationException(Messages.NoExitHandler), "NoExitHandler", ErrorCategory.ObjectNotFound, null));
        }

        bool isRequested = Wait(scopes);
        if (isRequested && Array.Exists(scopes, IsEndingHere))
        {
            // A body without a grace period is being stopped at this moment: it gets no answer and no further statement.
            WaitForStop();
        }

        if (!_isStopping)
        {
            WriteObject(isRequested);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
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
    private bool Wait(Scope[] scopes)
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

                TimeSpan left = TimeoutSeconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(TimeoutSeconds) - Stopwatch.GetElapsedTime(start);
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

    /// <summary>How long the stop of the body may take to come.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);
}
