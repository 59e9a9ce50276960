using GracefulExit.Supervision;

namespace GracefulExit.Unit.Supervision;

/// <summary>An interrupt that comes too late is taken back.</summary>
public sealed class GateTests
{
    [Fact]
    public void A_pending_interrupt_does_not_hit_the_next_wait_once_it_is_cleared()
    {
        // Twice: the first interrupt of a process is seen like any other.
        for (int i = 0; i < 2; i++)
        {
            Gate.Interrupt(Thread.CurrentThread);
            Gate.ClearPendingInterrupt();
            Thread.Sleep(1);
        }
    }

    [Fact]
    public void A_lock_is_taken_in_spite_of_a_pending_interrupt()
    {
        Gate gate = new();
        Gate.Interrupt(Thread.CurrentThread);
        using (gate.Enter())
        {
            gate.Wait(TimeSpan.FromMilliseconds(1));
        }

        Gate.ClearPendingInterrupt();
        Thread.Sleep(1);
    }
}
