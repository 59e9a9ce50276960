using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Rescue;
using GracefulExit.Supervision;

namespace GracefulExit.Guard;

/// <summary>A scope that has a guard: sends the guard the scope's messages.</summary>
/// <remarks>
/// <para>
/// Threads: begun on the pipeline thread. Whoever runs the exit blocks calls it too, even while it is still beginning: a
/// signal may arrive while the payload is being made or sent. The messages noted by then are under the lock. A guard that is
/// gone gets no messages, and nobody waits for it.
/// </para>
/// <para>
/// The order of calls: the constructor, with the scope's, before anybody can run its exit blocks; <see cref="Begin"/>; the
/// body, with <see cref="Push"/> and <see cref="Remove"/>; <see cref="BlockBegins"/> and <see cref="BlockEnded"/> for each
/// block, which may come at any time; <see cref="Release"/>.
/// </para>
/// </remarks>
internal sealed class GuardedScope
{
    private readonly Gate _lock = new();
    private readonly int _id;
    private readonly DateTime _startedAt;
    private readonly TimeSpan _exitTimeout;
    private readonly Action<string> _warn;
    private readonly List<GuardMessage> _early = [];
    private GuardProcess? _guard;
    private string _logPath = string.Empty;
    private int _sending;
    private bool _isReleased;

    /// <summary>Notes that a scope has a guard. Nothing is started yet.</summary>
    /// <param name="id">The scope's number; newer ones have higher numbers.</param>
    /// <param name="startedAt">When it began.</param>
    /// <param name="exitTimeout">How long each exit block may run; zero: no limit.</param>
    /// <param name="warn">Takes warnings from any thread.</param>
    public GuardedScope(int id, DateTime startedAt, TimeSpan exitTimeout, Action<string> warn)
    {
        _id = id;
        _startedAt = startedAt;
        _exitTimeout = exitTimeout;
        _warn = warn;
    }

    /// <summary>Gets the guard's process id; 0: there is no guard yet.</summary>
    public int ProcessId
    {
        get
        {
            using (_lock.Enter())
            {
                return _guard?.Id ?? 0;
            }
        }
    }

    /// <summary>
    /// Gathers what the exit blocks need and sends it to the guard, which is started if there is none. Once this returns, the
    /// guarantee holds: everything is in the pipe, and the guard will read it when it is up.
    /// </summary>
    /// <param name="outer">The cmdlet.</param>
    /// <param name="blocks">The exit blocks.</param>
    /// <param name="runspace">The runspace of the call.</param>
    /// <param name="isVerbose">Whether a log is wanted.</param>
    /// <exception cref="GuardFailedException">There is no guard.</exception>
    public void Begin(PSCmdlet outer, IReadOnlyCollection<ExitBlock> blocks, Runspace runspace, bool isVerbose)
    {
        GuardCommandLine.CheckHost();

        // A warning may throw ($WarningPreference = 'Stop'), so this comes before the process is started.
        if (Environment.ProcessId == 1)
        {
            outer.WriteWarning(Messages.GuardUnderInit);
        }

        _logPath = GuardLog.ChoosePath(outer.SessionState.Path, isVerbose);
        if (blocks.Count > 0)
        {
            Send(new GuardMessage(GuardMessageKind.ScopeBegins, _id, 0, MakePayload(blocks, outer.SessionState, runspace, outer.WriteWarning)));
        }
    }

    /// <summary>The body has pushed an exit block: sends it to the guard, with the current values of variables. Pipeline thread.</summary>
    /// <param name="block">The block. Its number is higher than those before it.</param>
    /// <param name="caller">The session of the call.</param>
    /// <param name="runspace">The runspace of the call.</param>
    /// <param name="warn">Takes warnings on this thread.</param>
    /// <exception cref="GuardFailedException">The guard does not take it.</exception>
    public void Push(ExitBlock block, SessionState caller, Runspace runspace, Action<string> warn) =>
        Send(new GuardMessage(GuardMessageKind.BlockPushed, _id, block.Id, MakePayload([block], caller, runspace, warn, block.Arguments)));

    /// <summary>The body has removed an exit block.</summary>
    public void Remove(int blockId) => Tell(GuardMessageKind.BlockRemoved, blockId);

    /// <summary>An exit block is about to run here: from now on the guard must not run it.</summary>
    public void BlockBegins(int blockId) => Tell(GuardMessageKind.BlockBegins, blockId);

    /// <summary>An exit block has ended.</summary>
    public void BlockEnded(int blockId) => Tell(GuardMessageKind.BlockEnded, blockId);

    /// <summary>The scope has ended. After the last scope the guard leaves. May be called again.</summary>
    /// <remarks>
    /// The guard forgets a scope that has ended. A payload that is still being sent, for a block that the stuck body pushes while the
    /// scope is rescued, must not come after that: then the sending thread tells the end.
    /// </remarks>
    public void Release()
    {
        GuardProcess? guard;
        using (_lock.Enter())
        {
            _isReleased = true;
            guard = _sending == 0 ? _guard : null;
        }

        guard?.Release(_id);
    }

    private byte[] MakePayload(
        IReadOnlyCollection<ExitBlock> blocks,
        SessionState caller,
        Runspace runspace,
        Action<string> warn,
        object?[]? arguments = null)
    {
        CapturedSession session = SessionCapture.Take(blocks, caller, runspace, forOtherProcess: true);
        if (arguments is not null)
        {
            session = session with { Variables = [.. session.Variables, new CapturedVariable(GuardPayload.ArgumentsName, arguments)] };
        }

        return GuardPayload.Of(blocks.Select(static block => block.Script), session, _startedAt, _exitTimeout, _logPath, warn).ToBytes();
    }

    /// <summary>
    /// Sends a payload to the guard. Messages about exit blocks that have come meanwhile are sent before it. So whenever this
    /// process dies, the guard has read that a block has begun before it could run that block.
    /// </summary>
    private void Send(GuardMessage payload)
    {
        GuardProcess guard;
        using (_lock.Enter())
        {
            if (_isReleased)
            {
                return;
            }

            guard = _guard ??= GuardProcess.Register(_id, _warn);
            foreach (GuardMessage message in _early)
            {
                guard.Tell(message);
            }

            _early.Clear();
            _sending++;
        }

        try
        {
            guard.Send(payload);
        }
        catch (GuardFailedException) when (IsReleased)
        {
            // The exit blocks have already run, and the guard has left.
        }
        finally
        {
            bool isLast;
            using (_lock.Enter())
            {
                _sending--;
                isLast = _isReleased && _sending == 0;
            }

            if (isLast)
            {
                guard.Release(_id);
            }
        }
    }

    private bool IsReleased
    {
        get
        {
            using (_lock.Enter())
            {
                return _isReleased;
            }
        }
    }

    private void Tell(GuardMessageKind kind, int blockId)
    {
        GuardMessage message = new(kind, _id, blockId);
        GuardProcess? guard;
        using (_lock.Enter())
        {
            guard = _guard;
            if (guard is null)
            {
                _early.Add(message);
                return;
            }
        }

        guard.Tell(message);
    }
}
