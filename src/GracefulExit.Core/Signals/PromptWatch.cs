using System.Management.Automation.Runspaces;

namespace GracefulExit.Signals;

/// <summary>
/// Notices when the shell is at its prompt again after a Ctrl+C: then its own Ctrl+C handler, which was held back, has nothing
/// left to stop (row A7).
/// </summary>
/// <remarks>
/// Threads: created and disposed of by the supervisor. <see cref="Runspace.AvailabilityChanged"/> is raised on the shell's main
/// thread, which is held for a moment, so that the older handlers have finished before the next command.
/// </remarks>
internal sealed class PromptWatch : IDisposable
{
    private readonly Runspace _main;
    private readonly Func<bool> _haveScopesEnded;
    private readonly Action _onReached;
    private int _isReached;

    /// <summary>
    /// Begins to watch while the scopes are still running. Once their end is known it would be too late: the shell may already be
    /// at its prompt, and raises no further event before the next command begins.
    /// </summary>
    /// <param name="main">The runspace of the prompt.</param>
    /// <param name="haveScopesEnded">Whether the scopes that the signal ends have ended.</param>
    /// <param name="onReached">What to do at the prompt, on the main thread. Must take bounded time.</param>
    public PromptWatch(Runspace main, Func<bool> haveScopesEnded, Action onReached)
    {
        _main = main;
        _haveScopesEnded = haveScopesEnded;
        _onReached = onReached;
        _main.AvailabilityChanged += OnAvailabilityChanged;
    }

    public void Dispose() => _main.AvailabilityChanged -= OnAvailabilityChanged;

    /// <summary>
    /// "Busy" with no script on the call stack means that the shell begins a pipeline of its own: the prompt. "Available" says
    /// nothing: the end of a nested pipeline makes the runspace available while the script around it goes on.
    /// </summary>
    private void OnAvailabilityChanged(object? sender, RunspaceAvailabilityEventArgs change)
    {
        if (change.RunspaceAvailability == RunspaceAvailability.Busy
            && _haveScopesEnded()
            && !_main.Debugger.GetCallStack().Any()
            && Interlocked.Exchange(ref _isReached, 1) == 0)
        {
            _onReached();
        }
    }
}
