using System.Management.Automation;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Supervision;

namespace GracefulExit.Blocks;

/// <summary>
/// The exit blocks of one scope: the only loop that runs them, wherever that is, and their only time limit. Each block runs
/// once, whatever the one before did.
/// </summary>
/// <remarks>
/// <para>
/// Threads: <see cref="Run"/> on the thread that has claimed the exit blocks; the time limit on the supervisor's; the rest
/// on any. The list, the clock and the current runner are under the lock; no user code and no engine call is.
/// </para>
/// <para>
/// A block that does not end within its limit is stopped. If it does not unwind then, it is given up: the thread in which it
/// hangs loses the run (<see cref="_place"/> is no longer its place), and the remaining blocks run elsewhere. Blocks are taken
/// from the list under the lock, so none runs twice.
/// </para>
/// </remarks>
internal sealed class ExitBlockRun
{
    /// <summary>How long a stopped block may hang in a managed wait before the wait is interrupted, and before it is interrupted again.</summary>
    public static readonly TimeSpan InterruptAfter = TimeSpan.FromMilliseconds(250);

    private readonly Gate _gate = new();
    private readonly List<ExitBlock> _waiting;
    private readonly Stack<ExitBlock> _pushed = [];
    private readonly Supervisor _supervisor;
    private readonly TimeSpan _limit;
    private readonly TimeSpan _unwind;
    private readonly IBlockObserver _observer;
    private ExitBlock? _current;
    private IBlockPlace? _place;
    private Thread? _thread;
    private LostStopWatch? _stopWatch;
    private BlockClock _clock;
    private IDisposable? _alarm;
    private long _beganAt = long.MaxValue;
    private int _begun;
    private bool _isProcessExiting;
    private bool _isAbandoned;

    /// <summary>Prepares a run.</summary>
    /// <param name="blocks">The exit blocks, in the order in which they are to run.</param>
    /// <param name="supervisor">Keeps the time.</param>
    /// <param name="limit">How long each may run; zero: no limit.</param>
    /// <param name="unwind">How long a stopped one may take to unwind.</param>
    /// <param name="observer">Is notified of their progress.</param>
    public ExitBlockRun(IEnumerable<ExitBlock> blocks, Supervisor supervisor, TimeSpan limit, TimeSpan unwind, IBlockObserver observer)
    {
        _waiting = [.. blocks];
        _supervisor = supervisor;
        _limit = limit;
        _unwind = unwind;
        _observer = observer;
    }

    /// <summary>Gets a value indicating whether no block is left to run.</summary>
    public bool IsDone
    {
        get
        {
            using (_gate.Enter())
            {
                return _isAbandoned || (_waiting.Count == 0 && _pushed.Count == 0 && _current is null);
            }
        }
    }

    /// <summary>Gets when the first exit block began, in milliseconds of <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/>: none has begun.</summary>
    public long BeganAt
    {
        get
        {
            using (_gate.Enter())
            {
                return _beganAt;
            }
        }
    }

    /// <summary>Gets all blocks that have not begun, in the order in which they would run.</summary>
    public ExitBlock[] Waiting
    {
        get
        {
            using (_gate.Enter())
            {
                return [.. _pushed, .. _waiting];
            }
        }
    }

    /// <summary>Gets what the run waits for: the exit block that is running; null: none is.</summary>
    public EndWait? Wait
    {
        get
        {
            using (_gate.Enter())
            {
                return _current is null ? null : EndWait.ForBlock(_begun, _begun + _waiting.Count + _pushed.Count, _clock.DueAt);
            }
        }
    }

    /// <summary>Adds a block. It runs before all others that have not begun.</summary>
    public void Push(ExitBlock block)
    {
        using (_gate.Enter())
        {
            _pushed.Push(block);
        }
    }

    /// <summary>Removes a block.</summary>
    /// <returns>False: it has begun, or was removed before.</returns>
    public bool Remove(ExitBlock block)
    {
        using (_gate.Enter())
        {
            if (!_pushed.Contains(block))
            {
                return false;
            }

            ExitBlock[] rest = [.. _pushed.Where(pushed => pushed != block).Reverse()];
            _pushed.Clear();
            Array.ForEach(rest, _pushed.Push);
            return true;
        }
    }

    /// <summary>
    /// Runs the remaining blocks on the calling thread. Returns when all are done, when the place can't be used any more because a
    /// block in it had to be stopped (see <see cref="IsDone"/>), or when this thread has lost the run.
    /// </summary>
    /// <returns>False: this thread has lost the run. Another one runs the rest.</returns>
    public bool Run(IBlockPlace place)
    {
        while (TryTake(place, out ExitBlock? block))
        {
            BlockFailure? failure = null;
            ExitException? exit = null;
            _observer.OnBegin(block, place);
            try
            {
                place.Run(block);
            }
            catch (Exception exception)
            {
                exit = exception as ExitException;
                failure = Describe(block, exception);
            }

            if (!TryEnd(block, out bool hasExpired))
            {
                return false;
            }

            // A stopped pipeline does not always throw.
            failure = hasExpired ? TimedOut(block) : failure;
            if (failure is not null)
            {
                _observer.OnFailure(failure);
            }

            if (exit is not null)
            {
                _observer.OnExit(exit);
            }

            _observer.OnEnd(block);
            if (hasExpired)
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>The process is exiting: from now on every block has a time limit.</summary>
    public void OnProcessExiting()
    {
        using (_gate.Enter())
        {
            _isProcessExiting = true;
            if (_current is not null)
            {
                _clock = _clock.OnProcessExiting(Environment.TickCount64);
                SetAlarm();
            }
        }
    }

    /// <summary>The user abandons the run: gives up the running block, and runs none of the others.</summary>
    public void Abandon()
    {
        using (_gate.Enter())
        {
            _isAbandoned = true;
            _alarm?.Dispose();
            _waiting.Clear();
            _pushed.Clear();
            Leave();
        }
    }

    private bool TryTake(IBlockPlace place, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ExitBlock? block)
    {
        using (_gate.Enter())
        {
            block = null;
            if (_current is not null || _isAbandoned)
            {
                return false;
            }

            if (!_pushed.TryPop(out block))
            {
                if (_waiting.Count == 0)
                {
                    return false;
                }

                block = _waiting[0];
                _waiting.RemoveAt(0);
            }

            _begun++;
            _current = block;
            _place = place;
            _thread = Thread.CurrentThread;
            _beganAt = Math.Min(_beganAt, Environment.TickCount64);
            _clock = BlockClock.Begin(_limit, _isProcessExiting, Environment.TickCount64);
            SetAlarm();
            return true;
        }
    }

    /// <returns>False: the block was given up meanwhile, and another thread has the run.</returns>
    private bool TryEnd(ExitBlock block, out bool hasExpired)
    {
        using (_gate.Enter())
        {
            hasExpired = _clock.HasExpired;
            if (_current != block)
            {
                return false;
            }

            _alarm?.Dispose();
            _alarm = null;
            Leave();
        }

        if (hasExpired)
        {
            Gate.ClearPendingInterrupt();
        }

        return true;
    }

    private void SetAlarm()
    {
        _alarm?.Dispose();
        ExitBlock block = _current!;
        _alarm = _clock.DueAt == long.MaxValue
            ? null
            : _supervisor.Schedule(TimeSpan.FromMilliseconds(_clock.DueAt - Environment.TickCount64), () => OnTime(block));
    }

    private void OnTime(ExitBlock block)
    {
        IBlockPlace? place;
        BlockEffect effect;
        using (_gate.Enter())
        {
            if (_current != block)
            {
                return;
            }

            TimeSpan unwind = _isProcessExiting && _unwind > ScopeLimits.UnwindWhileExiting ? ScopeLimits.UnwindWhileExiting : _unwind;
            (_clock, effect) = _clock.OnTime(unwind, Environment.TickCount64);
            place = _place;
            if (effect == BlockEffect.Stop)
            {
                _stopWatch = new LostStopWatch(_thread!);
            }

            if (effect == BlockEffect.GiveUp)
            {
                Leave();
            }
            else
            {
                SetAlarm();
            }
        }

        if (effect == BlockEffect.Stop)
        {
            place!.BeginStop();
            _ = _supervisor.Schedule(InterruptAfter, () => LookForStopped(block));
        }
        else if (effect == BlockEffect.GiveUp)
        {
            _observer.OnGivenUp(TimedOut(block));
        }
    }

    /// <summary>Helps a stopped block on that does not unwind. On the supervisor's thread.</summary>
    private void LookForStopped(ExitBlock block)
    {
        IBlockPlace? place;
        LostStopWatch? watch;
        bool mayInterrupt;
        using (_gate.Enter())
        {
            if (_current != block)
            {
                return;
            }

            // A thread in Environment.Exit waits for the exit blocks. If it were interrupted, the process would end at once.
            (place, watch, mayInterrupt) = (_place, _stopWatch, !_isProcessExiting);
        }

        if (watch?.IsLost(place!.IsStopInForce) == true)
        {
            place!.BeginStopAgain();
        }

        if (mayInterrupt)
        {
            place!.TryInterrupt();
        }

        _ = _supervisor.Schedule(InterruptAfter, () => LookForStopped(block));
    }

    /// <summary>No block is running any more. The caller holds the gate.</summary>
    private void Leave()
    {
        _current = null;
        _place = null;
        _thread = null;
        _stopWatch?.Dispose();
        _stopWatch = null;
    }

    /// <summary>Describes an exception that has left an exit block.</summary>
    /// <returns>Null: there is nothing to report.</returns>
    private BlockFailure? Describe(ExitBlock block, Exception exception)
    {
        bool isProcessExiting;
        using (_gate.Enter())
        {
            isProcessExiting = _isProcessExiting;
        }

        return exception switch
        {
            // Stopped because the process is exiting; nothing is wrong with the exit block.
            PipelineStoppedException when isProcessExiting => null,
            // exit, or a stray break or continue. As with a finally block, it can't leave the exit block; it has only ended it.
            FlowControlException => null,
            _ => new BlockFailure(
                block,
                "ExitBlockFailed",
                ErrorCategory.InvalidResult,
                Messages.ExitBlockFailed(Number(), Total(), Text(exception)),
                exception),
        };
    }

    private BlockFailure TimedOut(ExitBlock block)
    {
        string message = _limit > TimeSpan.Zero
            ? Messages.ExitBlockTimedOut(Number(), Total(), _limit.TotalSeconds)
            : Messages.ExitBlockLeft(Number(), Total(), BlockClock.LimitWhileExiting.TotalSeconds);
        return new BlockFailure(block, "ExitBlockTimedOut", ErrorCategory.OperationTimeout, message, null);
    }

    private int Number() => Volatile.Read(ref _begun);

    private int Total()
    {
        using (_gate.Enter())
        {
            return _begun + _waiting.Count + _pushed.Count;
        }
    }

    private static string Text(Exception exception)
    {
        ErrorRecord? record = (exception as IContainsErrorRecord)?.ErrorRecord;
        return record?.InvocationInfo is { ScriptLineNumber: > 0 } at
            ? $"{record} ({(string.IsNullOrEmpty(at.ScriptName) ? "line " : at.ScriptName + ":")}{at.ScriptLineNumber})"
            : record?.ToString() ?? exception.Message;
    }
}
