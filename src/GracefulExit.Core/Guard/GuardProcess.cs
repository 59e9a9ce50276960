using GracefulExit.Native;
using GracefulExit.Supervision;

namespace GracefulExit.Guard;

/// <summary>
/// The owner's side of a guard: starts it, tells it what is left to run, ends it, and notices when it ends by itself. A
/// process has one guard at a time, for all its guarded scopes.
/// </summary>
/// <remarks>
/// <para>
/// Threads: pipeline threads and rescuing threads; a signal's thread (<see cref="Dismiss"/>); and a thread of its own that
/// waits for the guard's end. <see cref="Gate"/>, one for all guards, protects which guard is current and which scopes it
/// has. Writing to a guard is not done under it, so a scope that sends a big payload does not delay the messages of others.
/// No lock of a scope is taken under it.
/// </para>
/// <para>
/// Every wait has a limit: a message waits at most <see cref="TellTimeout"/> for a full pipe. A guard that does not read for
/// that long is ended, so that it can't act on half of what happened.
/// </para>
/// </remarks>
internal sealed class GuardProcess
{
    private static readonly TimeSpan TellTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A payload that is bigger than the pipe has to wait until the guard is up.</summary>
    private static readonly TimeSpan PayloadTimeout = TimeSpan.FromSeconds(15);

    private static readonly Gate Gate = new();
    private static GuardProcess? _current;

    private readonly IChildProcess _process;
    private readonly GuardChannel.Writer _channel;
    private readonly List<Scope> _scopes = [];
    private volatile bool _isOver;

    private GuardProcess(IChildProcess process, GuardChannel.Writer channel)
    {
        _process = process;
        _channel = channel;
    }

    public int Id => _process.Id;

    /// <summary>
    /// Adds a scope to the guard, and starts a guard if there is none. The guard runs nothing of the scope before it has the
    /// payload. From now on messages about the scope's exit blocks can be sent.
    /// </summary>
    /// <param name="scopeId">The scope.</param>
    /// <param name="warn">Is called, on any thread, if the guard is lost.</param>
    /// <exception cref="GuardFailedException">The guard can't be started.</exception>
    public static GuardProcess Register(int scopeId, Action<string> warn)
    {
        using (Gate.Enter())
        {
            try
            {
                GuardProcess guard = _current ??= Start();
                guard._scopes.Add(new Scope(scopeId, warn));
                return guard;
            }
            catch (Exception exception) when (exception is not GuardFailedException)
            {
                throw new GuardFailedException(Messages.GuardFailed(exception is OutOfMemoryException ? Messages.NoThread : exception.Message), exception);
            }
        }
    }

    /// <summary>Ends the guard, if there is one: no exit block that has not begun may run any more.</summary>
    public static void Dismiss()
    {
        using (Gate.Enter())
        {
            _current?.End();
        }
    }

    /// <summary>Sends a payload. Once this returns, the guard will read it, even if this process dies.</summary>
    /// <exception cref="GuardFailedException">The guard does not read it, or is gone.</exception>
    public void Send(GuardMessage message)
    {
        try
        {
            _channel.Write(message, PayloadTimeout);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            // An incomplete message does no harm. But a guard that does not read is of no use to other scopes either.
            Lose(exception.Message);
            throw new GuardFailedException(Messages.GuardFailed(exception.Message), exception);
        }
    }

    /// <summary>Sends the guard a message about a scope. Returns when the message is in the pipe, or the guard is gone.</summary>
    public void Tell(GuardMessage message)
    {
        if (_isOver)
        {
            return;
        }

        try
        {
            _channel.Write(message, TellTimeout);
        }
        catch (IOException)
        {
            // The thread that waits for the guard's end reports it.
        }
        catch (TimeoutException exception)
        {
            Lose(exception.Message);
        }
    }

    /// <summary>A scope has ended. With the last scope the guard ends too. May be called again.</summary>
    public void Release(int scopeId)
    {
        using (Gate.Enter())
        {
            if (_scopes.RemoveAll(scope => scope.Id == scopeId) == 0)
            {
                return;
            }

            if (_scopes.Count == 0)
            {
                End();
                return;
            }
        }

        Tell(new GuardMessage(GuardMessageKind.ScopeEnded, scopeId));
    }

    private static GuardProcess Start()
    {
        GuardChannel.Writer channel = new();
        try
        {
            IChildProcess process = IGuardSystem.Current.Start(
                GuardCommandLine.Executable, GuardCommandLine.Arguments(), GuardCommandLine.Environment(), channel.Pipe);
            channel.Pipe.CloseReader();
            GuardProcess guard = new(process, channel);
            new Thread(guard.WaitForEnd, maxStackSize: 256 * 1024) { IsBackground = true, Name = "GracefulExit.Guard" }.Start();
            return guard;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The guard has nothing left to do. The message makes sure that it runs nothing if this process dies right now. The signal
    /// makes sure that it is gone at once, even if it was still starting. Under the lock.
    /// </summary>
    private void End()
    {
        try
        {
            if (!_isOver)
            {
                _channel.Write(new GuardMessage(GuardMessageKind.Leave), TellTimeout);
            }
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            // The signal alone has to suffice.
        }

        Close();
    }

    /// <summary>Something is wrong with the guard.</summary>
    private void Lose(string reason)
    {
        Action<string>? warn;
        using (Gate.Enter())
        {
            if (_isOver)
            {
                return;
            }

            warn = _scopes.LastOrDefault()?.Warn;
            Close();
        }

        // Not on this thread: a host whose output nobody reads would block the caller, and an exit block with it.
        ThreadPool.QueueUserWorkItem(_ => warn?.Invoke(Messages.GuardLost(Id, reason)));
    }

    private void Close()
    {
        if (_isOver)
        {
            return;
        }

        // The signal comes first. Once the pipe is closed, the guard would think that we are dead; and a thread that sees _isOver runs
        // an exit block without telling the guard.
        _process.Kill();
        _isOver = true;
        _current = _current == this ? null : _current;
        _channel.Dispose();
    }

    private void WaitForEnd() => Lose(_process.WaitForEnd());

    /// <summary>A scope that this guard guards.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Warn">See <see cref="Register"/>.</param>
    private sealed record Scope(int Id, Action<string> Warn);
}
