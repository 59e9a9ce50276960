namespace GracefulExit.Core;

/// <summary>What is to be done about an exit block because of its time limit.</summary>
internal enum BlockEffect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Tell the exit block to stop.</summary>
    Stop,

    /// <summary>It could not be stopped: leave it, run the remaining ones elsewhere, and then end the process.</summary>
    GiveUp,
}

/// <summary>
/// The time limit of one exit block as a value: <c>-ExitTimeoutSeconds</c>, then the stop, then the time that a stopped one
/// gets to unwind. The same for exit blocks on the body's thread, in a rescue and in a guard.
/// </summary>
internal readonly record struct BlockClock
{
    /// <summary>How long an exit block without a limit may run once the process is exiting.</summary>
    public static readonly TimeSpan LimitWhileExiting = TimeSpan.FromSeconds(5);

    /// <summary>Gets a value indicating whether the block was told to stop because its time was up.</summary>
    public bool HasExpired { get; private init; }

    /// <summary>Gets a value indicating whether the block was given up.</summary>
    public bool IsGivenUp { get; private init; }

    /// <summary>Gets when the next step is due, in milliseconds; <see cref="long.MaxValue"/>: never.</summary>
    public long DueAt { get; private init; }

    /// <summary>An exit block begins.</summary>
    /// <param name="limit">How long it may run; zero: as long as it likes.</param>
    /// <param name="isProcessExiting">Whether the process is exiting.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public static BlockClock Begin(TimeSpan limit, bool isProcessExiting, long now)
    {
        TimeSpan effective = limit > TimeSpan.Zero ? limit : isProcessExiting ? LimitWhileExiting : TimeSpan.Zero;
        return new BlockClock { DueAt = effective > TimeSpan.Zero ? now + (long)effective.TotalMilliseconds : long.MaxValue };
    }

    /// <summary>The process is exiting: a block without a limit has one from now on.</summary>
    public BlockClock OnProcessExiting(long now) =>
        DueAt == long.MaxValue && !IsGivenUp ? this with { DueAt = now + (long)LimitWhileExiting.TotalMilliseconds } : this;

    /// <summary>The time has come, or not yet.</summary>
    /// <param name="unwind">How long a stopped block may take to unwind.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public (BlockClock Clock, BlockEffect Effect) OnTime(TimeSpan unwind, long now)
    {
        if (IsGivenUp || now < DueAt)
        {
            return (this, BlockEffect.None);
        }

        return HasExpired
            ? (this with { IsGivenUp = true, DueAt = long.MaxValue }, BlockEffect.GiveUp)
            : (this with { HasExpired = true, DueAt = now + (long)unwind.TotalMilliseconds }, BlockEffect.Stop);
    }
}
