using System.Management.Automation;
using GracefulExit.Engine;
using GracefulExit.Native;
using GracefulExit.Supervision;

namespace GracefulExit.Blocks;

/// <summary>
/// Tells a user at a terminal what an end waits for: one line on standard error for each thing that takes longer than a second.
/// </summary>
/// <remarks>
/// <para>
/// Threads: created on the pipeline thread, where the session's preference may be read; begun on any; the looks are the supervisor's,
/// the line is written on a thread of the pool: a terminal may block its writers.
/// </para>
/// <para>
/// It is no progress record: while PowerShell's console shows one, every line of the exit blocks' output waits for the terminal to
/// say where its cursor is. Nor does it use the host, whose lock a stuck thread may hold.
/// </para>
/// </remarks>
internal sealed class EndNotice
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Supervisor _supervisor;
    private readonly Func<EndWait?> _wait;
    private readonly Func<bool> _isOver;
    private readonly bool _isAbandonable;
    private int _hasBegun;
    private string? _what;
    private Spell _lasting;
    private bool _isTold;

    private EndNotice(Supervisor supervisor, Func<EndWait?> wait, Func<bool> isOver, bool isAbandonable)
    {
        _supervisor = supervisor;
        _wait = wait;
        _isOver = isOver;
        _isAbandonable = isAbandonable;
    }

    /// <summary>Prepares a notice.</summary>
    /// <param name="caller">The session, whose <c>$ProgressPreference</c> counts.</param>
    /// <param name="supervisor">Keeps the time.</param>
    /// <param name="wait">What the end waits for; null: for nothing that would be told here.</param>
    /// <param name="isOver">Whether the end is over.</param>
    /// <param name="isAbandonable">Whether a third Ctrl+C abandons an exit block (row C7).</param>
    /// <returns>Null: standard error is no terminal, or the session does not want to see progress.</returns>
    public static EndNotice? TryCreate(CallerSession caller, Supervisor supervisor, Func<EndWait?> wait, Func<bool> isOver, bool isAbandonable) =>
        Console.IsErrorRedirected || !IsWanted(caller.SessionState.PSVariable.GetValue("ProgressPreference"))
            ? null
            : new EndNotice(supervisor, wait, isOver, isAbandonable);

    /// <summary>The end has begun. Only the first call counts.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) == 0)
        {
            _ = _supervisor.Schedule(Interval, Look);
        }
    }

    private static bool IsWanted(object? preference) =>
        !Enum.TryParse(preference?.ToString(), ignoreCase: true, out ActionPreference wanted)
        || wanted is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private void Look()
    {
        if (_isOver())
        {
            return;
        }

        EndWait? wait = _wait();
        if (wait?.What != _what)
        {
            (_what, _isTold) = (wait?.What, false);
            _lasting.Reset();
        }

        if (_lasting.HasLasted(wait is not null && !_isTold, After))
        {
            _isTold = true;
            _ = ThreadPool.UnsafeQueueUserWorkItem(_ => Tell(wait!), null);
        }

        _ = _supervisor.Schedule(Interval, Look);
    }

    private void Tell(EndWait wait)
    {
        // The pool may have been late.
        if (!_isOver() && _wait()?.What == wait.What)
        {
            BoundedWriter.ForDescriptor(2).WriteLine(Messages.EndNotice(wait.Text) + (_isAbandonable && wait.IsBlock ? " " + Messages.EndNoticeAbandon : null));
        }
    }
}
