using GracefulExit.Native;
using GracefulExit.Supervision;

namespace GracefulExit.Guard;

/// <summary>
/// The owner's side of a guard: starts it, tells it what to run and what not any more, ends it, and notices its end. A
/// process has one guard at a time, for all its guarded scopes.
/// </summary>
/// <remarks>
/// <para>
/// Threads: pipeline threads and rescuing threads; a signal's thread (<see cref="Dismiss"/>); and a thread of its own that
/// waits for the guard's end. Which guard is the current one and which scopes it has is under <see cref="Gate"/>, of all
/// guards. What is written to a guard is not: a scope that sends a big payload keeps no other from telling of its exit blocks.
/// No lock of a scope is taken under it.
/// </para>
/// <para>
/// No wait without end: a message waits at most <see cref="TellTimeout"/> for a pipe that is full, and a guard that does
/// not empty its pipe in that time is ended, so that it can't act on half of what happened.
/// </para>
/// </remarks>
internal sealed class GuardProcess
{
    private static readonly TimeSpan TellTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A payload that is bigger than the pipe waits for the guard to come up.</summary>
    private static readonly TimeSpan PayloadTimeout = TimeSpan.FromSeconds(15);

    private static readonly Gate Gate = new();
    private static GuardProcess? _current;

    private readonly IChildProcess _process;
    private readonly GuardChannel.Writer _channel;
    private readonly List<(int Id, Action<string> Warn)> _scopes = [];
    private volatile bool _isOver;

    private GuardProcess(IChildProcess process, GuardChannel.Writer channel)
    {
        _process = process;
        _channel = channel;
    }

    public int Id => _process.Id;

    /// <summary>
    /// Makes a scope one of the guard's, which is started if there is none. It will not be run before its payload has been
    /// sent; what happens to its exit blocks can be told from now on.
    /// </summary>
    /// <param name="scopeId">The scope.</param>
    /// <param name="warn">Is told, from any thread, if the guard is lost.</param>
    /// <exception cref="GuardFailedException">It can't be started.</exception>
    public static GuardProcess Register(int scopeId, Action<string> warn)
    {
        using (Gate.Enter())
        {
            try
            {
                GuardProcess guard = _current ??= Start();
                guard._scopes.Add((scopeId, warn));
                return guard;
            }
            catch (Exception exception) when (exception is not GuardFailedException)
            {
                throw new GuardFailedException(Messages.GuardFailed(exception.Message), exception);
            }
        }
    }

    /// <summary>Ends the guard, if there is one: nobody is to run any exit block that has not begun.</summary>
    public static void Dismiss()
    {
        using (Gate.Enter())
        {
            _current?.End();
        }
    }

    /// <summary>Sends a payload. When this returns, the guard will read it, whatever becomes of this process.</summary>
    /// <exception cref="GuardFailedException">The guard does not take it, or is gone.</exception>
    public void Send(GuardMessage message)
    {
        try
        {
            _channel.Write(message, PayloadTimeout);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            // A message that is half in the pipe is none; but one that does not read is of no use to other scopes either.
            Lose(exception.Message);
            throw new GuardFailedException(Messages.GuardFailed(exception.Message), exception);
        }
    }

    /// <summary>Tells the guard something of a scope. Returns when the guard can't but learn of it, or is gone.</summary>
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
            // Its end is noticed, and told, by the thread that waits for it.
        }
        catch (TimeoutException exception)
        {
            Lose(exception.Message);
        }
    }

    /// <summary>A scope has ended; with the last one the guard. May be called again.</summary>
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
    /// The guard has nothing left to do. The message makes sure that it acts on nothing if this process dies right now; the
    /// signal that it is gone at once, even if it was still starting. Under the lock.
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
            // Then the signal alone has to do.
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

            warn = _scopes.LastOrDefault().Warn;
            Close();
        }

        // Not here: a host whose output nobody reads would hold the caller, and with it an exit block.
        ThreadPool.QueueUserWorkItem(_ => warn?.Invoke(Messages.GuardLost(Id, reason)));
    }

    private void Close()
    {
        if (_isOver)
        {
            return;
        }

        // First the signal. With the pipe closed it would take us for dead; and who finds that it is over runs an exit block of which
        // it has not been told.
        _process.Kill();
        _isOver = true;
        _current = _current == this ? null : _current;
        _channel.Dispose();
    }

    private void WaitForEnd() => Lose(_process.WaitForEnd());
}
