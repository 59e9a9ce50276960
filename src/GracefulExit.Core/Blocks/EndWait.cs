namespace GracefulExit.Blocks;

/// <summary>What the end of a scope or a handler waits for at the moment, for people to read.</summary>
/// <param name="What">Such as "exit block 2 of 3".</param>
/// <param name="DueAt">Until when at most, in milliseconds of <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/>: without a limit.</param>
/// <param name="IsBlock">Whether that is an exit block.</param>
internal sealed record EndWait(string What, long DueAt, bool IsBlock = false)
{
    /// <summary>Gets what, and for how many seconds more at most.</summary>
    public string Text => DueAt == long.MaxValue
        ? What
        : Messages.WaitLimited(What, Math.Ceiling(Math.Max(0, DueAt - Environment.TickCount64) / 1000.0));

    /// <summary>For a running exit block.</summary>
    public static EndWait ForBlock(int number, int total, long dueAt) => new(Messages.WaitForExitBlock(number, total), dueAt, IsBlock: true);
}
