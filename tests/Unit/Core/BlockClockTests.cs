using GracefulExit.Core;

namespace GracefulExit.Unit.Core;

public sealed class BlockClockTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Unwind = TimeSpan.FromSeconds(2);

    [Fact]
    public void Stops_a_block_at_its_limit_and_gives_it_up_when_it_does_not_unwind()
    {
        BlockClock clock = BlockClock.Begin(Limit, isProcessExiting: false, now: 100);
        Assert.Equal(BlockEffect.None, clock.OnTime(Unwind, 1099).Effect);
        (clock, BlockEffect effect) = clock.OnTime(Unwind, 1100);
        Assert.Equal(BlockEffect.Stop, effect);
        Assert.Equal(BlockEffect.None, clock.OnTime(Unwind, 3099).Effect);
        (clock, effect) = clock.OnTime(Unwind, 3100);
        Assert.Equal(BlockEffect.GiveUp, effect);
        Assert.Equal(BlockEffect.None, clock.OnTime(Unwind, 9999).Effect);
    }

    [Fact]
    public void Has_no_limit_by_default_until_the_process_exits()
    {
        BlockClock clock = BlockClock.Begin(TimeSpan.Zero, isProcessExiting: false, now: 0);
        Assert.Equal(BlockEffect.None, clock.OnTime(Unwind, long.MaxValue - 1).Effect);
        clock = clock.OnProcessExiting(1000);
        Assert.Equal(1000 + (long)BlockClock.LimitWhileExiting.TotalMilliseconds, clock.DueAt);
    }

    [Fact]
    public void Keeps_its_own_limit_when_the_process_exits()
    {
        BlockClock clock = BlockClock.Begin(Limit, isProcessExiting: false, now: 0).OnProcessExiting(500);
        Assert.Equal(1000, clock.DueAt);
    }

    [Theory]
    [InlineData(2147483)]
    [InlineData(2147483000)]
    public void Takes_the_longest_limit_there_is(double seconds)
    {
        // Finding A7: limits and their sums may pass the 24 days of a .NET timer.
        BlockClock clock = BlockClock.Begin(TimeSpan.FromSeconds(seconds), isProcessExiting: true, now: Environment.TickCount64);
        Assert.True(clock.DueAt > Environment.TickCount64);
    }
}
