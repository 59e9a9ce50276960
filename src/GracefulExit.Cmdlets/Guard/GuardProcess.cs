using GracefulExit.Rescue;
using GracefulExit.Native;

namespace GracefulExit.Guard;

/// <summary>
/// The owner's side of a guard: starts it, tells it what to run and what not any more, ends it, and notices its end. A
/// process has one guard at a time, for all its guarded scopes.
/// </summary>
/// <remarks>
/// <para>
/// Threads: pipeline threads (<see cref="Watch"/>, <see cref="Tell"/>, <see cref="Release"/>), rescuing threads (the last
/// two), a signal's thread (<see cref="Dismiss"/>), and a thread of its own that waits for the guard's end. All state, of
/// all guards, is under <see cref="Gate"/>. A scope's own lock is never taken under it.
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

    private static readonly object Gate = new();
    private static GuardProcess? _current;

    private readonly SpawnedProcess _process;
    private readonly GuardChannel.Writer _channel;
    private readonly List<ScopeContents> _scopes = [];
    private bool _isOver;

    private GuardProcess(SpawnedProcess process, GuardChannel.Writer channel)
    {
        _process = process;
        _channel = channel;
    }

    public int Id => _process.Id;

    /// <summary>Hands a scope to the guard of this process, which is started if there is none.</summary>
    /// <exception cref="GuardFailedException">It can't be started or does not take the payload.</exception>
    public static GuardProcess Watch(ScopeContents scope, byte[] payload) => Run(() =>
    {
        lock (Gate)
        {
            try
            {
                GuardProcess guard = _current ??= Start();
                guard._channel.Write(new GuardMessage(GuardMessageKind.ScopeBegins, scope.Id, 0, payload), PayloadTimeout);
                guard._scopes.Add(scope);
                return guard;
            }
            catch (Exception exception) when (exception is not (GuardFailedException or ThreadInterruptedException))
            {
                _current?.Lose(exception.Message);
                throw new GuardFailedException(Messages.GuardFailed(exception.Message), exception);
            }
        }
    });

    /// <summary>Ends the guard, if there is one: nobody is to run any exit block that has not begun.</summary>
    public static void Dismiss()
    {
        lock (Gate)
        {
            _current?.End();
        }
    }

    /// <summary>Tells the guard something of a scope. Returns when the guard can't but learn of it.</summary>
    public void Tell(GuardMessage message) => Run(() =>
    {
        lock (Gate)
        {
            TellUnderLock(message);
            return true;
        }
    });

    /// <summary>A scope has ended; with the last one the guard.</summary>
    public void Release(ScopeContents scope) => Run(() =>
    {
        lock (Gate)
        {
            if (!_scopes.Remove(scope))
            {
                return false;
            }

            if (_scopes.Count == 0)
            {
                End();
            }
            else
            {
                TellUnderLock(new GuardMessage(GuardMessageKind.ScopeEnded, scope.Id));
            }

            return true;
        }
    });

    /// <summary>An interrupt is thrown on entering the lock, before anything has happened.</summary>
    private static T Run<T>(Func<T> action)
    {
        while (true)
        {
            try
            {
                return action();
            }
            catch (ThreadInterruptedException)
            {
                // Used up.
            }
        }
    }

    private static GuardProcess Start()
    {
        GuardChannel.Writer channel = new();
        try
        {
            // SIGTERM and the like stay pending in the guard from its first instruction on, so that there is no moment in
            // which one could end it; see GuardSession for what becomes of them.
            SpawnedProcess process = SpawnedProcess.Start(
                GuardCommandLine.Executable,
                GuardCommandLine.Arguments(),
                GuardCommandLine.Environment(),
                [(channel.ReaderHandle, GuardChannel.ReaderDescriptor), (1, GuardSession.OutputDescriptor)],
                Signal.Allowed);
            channel.CloseReader();
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

    private void TellUnderLock(GuardMessage message)
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

    /// <summary>
    /// The guard has nothing left to do. The message makes sure that it acts on nothing if this process dies right now; the
    /// signal that it is gone at once, even if it was still starting.
    /// </summary>
    private void End()
    {
        TellUnderLock(new GuardMessage(GuardMessageKind.Leave));
        Close();
    }

    /// <summary>Something is wrong with the guard.</summary>
    private void Lose(string reason)
    {
        if (_isOver)
        {
            return;
        }

        ScopeContents? newest = _scopes.LastOrDefault();
        Close();

        // Not here: a host whose output nobody reads would hold the lock, and with it all exit blocks.
        ThreadPool.QueueUserWorkItem(_ => newest?.Caller.Warn(Messages.GuardLost(Id, reason)));
    }

    private void Close()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _current = _current == this ? null : _current;

        // First the signal: with the pipe closed it would take us for dead.
        _process.Kill();
        _channel.Dispose();
    }

    private void WaitForEnd()
    {
        int? status = _process.WaitForEnd();
        lock (Gate)
        {
            Lose(SpawnedProcess.Describe(status));
        }
    }
}
