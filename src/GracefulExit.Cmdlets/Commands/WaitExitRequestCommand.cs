using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Scopes;

namespace GracefulExit.Commands;

/// <summary>
/// Waits for an exit request: true as soon as there is one, false when the time is up. A sleep that a daemon's loop can
/// be woken from.
/// </summary>
/// <remarks>
/// Within a scope's body it answers for the scopes around it; in another runspace, such as a thread job's, for the scopes of
/// the process. Threads: waits on the pipeline thread; the stopping thread wakes it.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "ExitRequest")]
[OutputType(typeof(bool))]
public sealed class WaitExitRequestCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEvent _stopping = new(initialState: false);

    /// <summary>Gets or sets how many seconds to wait; for ever if not given, 0: only look.</summary>
    [Parameter(Position = 0)]
    [ValidateSeconds]
    public double TimeoutSeconds { get; set; } = -1;

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ExitScope[] scopes = FindScopes();
        if (scopes.Length == 0)
        {
            ThrowTerminatingError(new ErrorRecord(
                new InvalidOperationException(Messages.NoExitHandler), "NoExitHandler", ErrorCategory.ObjectNotFound, null));
        }

        if (Array.Exists(scopes, scope => scope.Context.IsExitRequested))
        {
            WriteUnlessStopped(scopes);
            return;
        }

        WaitHandle[] handles = [_stopping, .. scopes.Take(MaximumHandles - 1).Select(scope => scope.Context.Token.WaitHandle)];
        int timeout = TimeoutSeconds < 0 ? Timeout.Infinite : (int)Math.Ceiling(TimeoutSeconds * 1000);
        int woken = WaitHandle.WaitAny(handles, timeout);
        if (woken == WaitHandle.WaitTimeout)
        {
            WriteObject(false);
        }
        else if (woken != 0)
        {
            WriteUnlessStopped(scopes);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Set();

    /// <summary>
    /// A body without a grace period is being stopped at this moment: it gets no answer and no further statement.
    /// </summary>
    private void WriteUnlessStopped(ExitScope[] scopes)
    {
        ExitScope? own = Array.Find(scopes, scope => scope.Runspace == Runspace.DefaultRunspace && scope.Context.IsExitRequested);
        if (own is null || own.MayGoOn() || !_stopping.WaitOne(own.Options.StopTimeout))
        {
            WriteObject(true);
        }
    }

    /// <summary>WaitHandle.WaitAny takes 64 handles.</summary>
    private const int MaximumHandles = 64;

    private static ExitScope[] FindScopes()
    {
        ExitScope[] active = ScopeRegistry.Process.Snapshot();
        ExitScope[] own = [.. active.Where(scope => scope.Runspace == Runspace.DefaultRunspace)];
        return own.Length > 0 ? own : active;
    }
}
