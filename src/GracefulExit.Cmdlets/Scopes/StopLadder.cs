namespace GracefulExit.Scopes;

/// <summary>
/// Sees the bodies of one runspace's requested scopes to their end, newest first: the grace period, the stop, the
/// interrupt of a managed wait.
/// </summary>
/// <remarks>Threads: one background thread of its own, which touches scopes only through their locked methods.</remarks>
internal sealed class StopLadder(ScopeRegistry registry, IReadOnlyList<ExitScope> newestFirst)
{
    /// <summary>How long a stopped body may take to unwind before its wait is interrupted (row C2).</summary>
    public static readonly TimeSpan InterruptAfter = TimeSpan.FromMilliseconds(250);

    public void Start() =>
        new Thread(Run) { IsBackground = true, Name = "GracefulExit.StopLadder" }.Start();

    private void Run()
    {
        foreach (ExitScope scope in newestFirst)
        {
            Climb(scope);
        }
    }

    private void Climb(ExitScope scope)
    {
        TimeSpan grace = scope.Options.GracePeriod;
        if (grace > TimeSpan.Zero && scope.State == ExitScopeState.Draining && scope.WaitBodyUnwound(grace))
        {
            return;
        }

        scope.StopBody();
        WaitForInnerScopes(scope);
        while (!scope.WaitBodyUnwound(InterruptAfter))
        {
            WaitForInnerScopes(scope);
            registry.TryInterruptBody(scope);
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
}
