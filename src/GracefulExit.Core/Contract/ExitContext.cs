using System.Management.Automation;

namespace GracefulExit;

/// <summary>
/// What a scope knows of its end. The body and the exit blocks get it as <c>$_</c>, an exit block also as its first argument.
/// </summary>
/// <remarks>
/// Threads: written while its scope changes its state; each property can be read from any thread at any time.
/// </remarks>
public sealed class ExitContext
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _cancellation;
    private volatile bool _isExitRequested;
    private volatile bool _isRescue;

    internal ExitContext()
    {
    }

    /// <summary>Gets why the exit block runs; <see cref="ExitReason.Completed"/> while the body still runs.</summary>
    public ExitReason Reason { get; internal set; }

    /// <summary>Gets the name of the signal that ended the body, such as <c>SIGTERM</c>, or null.</summary>
    public string? Signal { get; internal set; }

    /// <summary>Gets what the process is on its way to return: 0, 1 after an error, N of <c>exit N</c>, 128 + n after signal n.</summary>
    public int ExitCode { get; internal set; }

    /// <summary>Gets the terminating error that ended the body, or null.</summary>
    public ErrorRecord? ErrorRecord { get; internal set; }

    /// <summary>Gets when the scope began (local time).</summary>
    public DateTime StartedAt { get; internal init; } = DateTime.Now;

    /// <summary>Gets when an exit was first requested (local time), or null if none was.</summary>
    public DateTime? RequestedAt { get; internal set; }

    /// <summary>Gets a value indicating whether the exit block runs outside the body's thread, because that thread can't be freed.</summary>
    public bool IsRescue
    {
        get => _isRescue;
        internal set => _isRescue = value;
    }

    /// <summary>Gets a value indicating whether something has asked the scope to end early.</summary>
    public bool IsExitRequested => _isExitRequested;

    /// <summary>
    /// Gets a token that is cancelled when an exit is requested, for .NET calls that take one. Its callbacks run on a thread of
    /// their own, which has no runspace: a script block as a callback fails there.
    /// </summary>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                return _isExitRequested ? new CancellationToken(canceled: true) : (_cancellation ??= new()).Token;
            }
        }
    }

    /// <summary>What a guard knows of a scope whose process has died: 128 + SIGKILL, though it may have been another signal.</summary>
    internal static ExitContext ForKilled(DateTime startedAt)
    {
        ExitContext context = new() { StartedAt = startedAt, Reason = ExitReason.Killed, ExitCode = 128 + 9 };
        context.RequestedAt = DateTime.Now;
        context.Announce();
        return context;
    }

    /// <inheritdoc/>
    public override string ToString() => Signal is null ? Reason.ToString() : $"{Reason} {Signal}";

    /// <summary>
    /// Tells the body, by <see cref="IsExitRequested"/> and <see cref="Token"/>. Returns at once: the callbacks of the token
    /// are the user's and may take as long as they like.
    /// </summary>
    /// <param name="onCallbackFailed">Is told what a callback has thrown, on the callbacks' thread.</param>
    internal void Announce(Action<Exception>? onCallbackFailed = null)
    {
        CancellationTokenSource? cancellation;
        lock (_lock)
        {
            cancellation = _isExitRequested ? null : _cancellation;
            _isExitRequested = true;
        }

        if (cancellation is null)
        {
            return;
        }

        try
        {
            new Thread(() => Cancel(cancellation, onCallbackFailed)) { IsBackground = true, Name = "GracefulExit.Token" }.Start();
        }
        catch (OutOfMemoryException)
        {
            // No thread to be had: the callbacks wait for one of the pool's.
            _ = cancellation.CancelAsync();
        }
    }

    private static void Cancel(CancellationTokenSource cancellation, Action<Exception>? onCallbackFailed)
    {
        try
        {
            cancellation.Cancel();
        }
        catch (AggregateException exception)
        {
            // It is the body's own and must not keep the exit block from running.
            onCallbackFailed?.Invoke(exception.InnerExceptions[0]);
        }
    }
}
