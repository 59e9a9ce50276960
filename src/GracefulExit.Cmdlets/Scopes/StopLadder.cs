using GracefulExit.ProcessEnd;
using GracefulExit.Rescue;

namespace GracefulExit.Scopes;

/// <summary>
/// Sees the bodies of one runspace's requested scopes to their end, newest first, by stronger and stronger means:
/// the grace period, the stop, the interrupt of a managed wait, the rescue, the end of the process.
/// </summary>
/// <remarks>Threads: a background thread of its own or a signal's, which touches scopes only through their locked methods.</remarks>
internal sealed class StopLadder(ScopeRegistry registry, IReadOnlyList<ExitScope> newestFirst)
{
    /// <summary>How long a stopped body may take to unwind before its wait is interrupted, and interrupted again (row C2).</summary>
    public static readonly TimeSpan InterruptAfter = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(25);

    public void Start() =>
        new Thread(Climb) { IsBackground = true, Name = "GracefulExit.StopLadder" }.Start();

    /// <summary>
    /// Takes the first step for the newest scope, if nothing is to be waited for before it. On the signal's own thread: a new
    /// one would begin half a millisecond later.
    /// </summary>
    public void StopNewest()
    {
        ExitScope newest = newestFirst[0];
        if (newest.Forwarder is null && newest.State != ExitScopeState.Draining && registry.FindInner(newest) is null)
        {
            newest.StopBody();
        }
    }

    /// <summary>Does it on the calling thread.</summary>
    public void Climb()
    {
        foreach (ExitScope scope in newestFirst)
        {
            Climb(scope);
        }
    }

    private void Climb(ExitScope scope)
    {
        TimeSpan grace = scope.Options.GracePeriod;
        if (HasForwarded(scope))
        {
            // The children have had the grace period.
        }
        else if (grace > TimeSpan.Zero && !ProcessExit.HasBegun && scope.State == ExitScopeState.Draining)
        {
            scope.Timeline.Add("drain");
            scope.WaitDrainOver(grace);
        }

        if (scope.WaitBodyUnwound(TimeSpan.Zero))
        {
            return;
        }

        // Inner scopes that were requested as well end by themselves, and what they still have to say is heard: the stop of
        // this body would close the pipeline to which they say it.
        while (registry.FindInner(scope) is { Request: not null } inner)
        {
            inner.WaitCompleted();
        }

        scope.StopBody();
        WaitForInnerScopes(scope);

        if (HasUnwound(scope) || !scope.TryClaimRescue())
        {
            return;
        }

        new RescueRunner(scope).Run();
        registry.End(scope);
        if (scope.Request is { Reason: ExitReason.Signal } request && !HasUnwound(scope) && !ProcessExit.HasBegun)
        {
            // A process that is on its way out already keeps the status that it was given (row C4).
            ProcessExit.Begin(request.ExitCode);
        }
    }

    private static bool HasForwarded(ExitScope scope)
    {
        if (scope.Forwarder is not { } forwarder || scope.Request?.Signal is not { } signal)
        {
            return false;
        }

        int children = forwarder.Forward(scope, signal);
        if (children > 0)
        {
            scope.Timeline.Add("forwarded, child processes:", children);
        }

        return children > 0;
    }

    /// <summary>
    /// Waits until the body has unwound, and interrupts a wait in which it hangs: one in which every look during
    /// <see cref="InterruptAfter"/> has found its thread.
    /// </summary>
    private bool HasUnwound(ExitScope scope)
    {
        long start = Environment.TickCount64;
        long waitingSince = start;
        while (true)
        {
            // A process that is exiting does not wait long: the body's thread may be the very one that is stuck in Exit.
            TimeSpan timeout = registry.IsClosed ? InterruptAfter : scope.Options.StopTimeout;
            TimeSpan left = timeout - TimeSpan.FromMilliseconds(Environment.TickCount64 - start);
            if (scope.WaitBodyUnwound(left < LookInterval ? Max(left, TimeSpan.Zero) : LookInterval))
            {
                return true;
            }

            if (registry.FindInner(scope) is not null)
            {
                WaitForInnerScopes(scope);
                waitingSince = start = Environment.TickCount64;
            }
            else if (left <= LookInterval)
            {
                return false;
            }

            if (!scope.PipelineThread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            {
                waitingSince = Environment.TickCount64;
            }
            else if (Environment.TickCount64 - waitingSince >= InterruptAfter.TotalMilliseconds)
            {
                registry.TryInterruptBody(scope);
                waitingSince = Environment.TickCount64;
            }
        }
    }

    /// <summary>
    /// The stop of a body reaches the scopes within it first, and their exit blocks may take their time; the clock of the
    /// outer body starts when they have ended.
    /// </summary>
    private void WaitForInnerScopes(ExitScope scope)
    {
        while (registry.FindInner(scope) is { } inner)
        {
            inner.WaitCompleted();
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
