using GracefulExit.Core;

namespace GracefulExit.Unit.Core;

public sealed class ConclusionTests
{
    private static readonly ConclusionFacts Ordinary = new() { MayOuterGoOn = true };

    [Fact]
    public void The_caller_goes_on_after_an_ordinary_end() => Expect(ConclusionKind.Return, Ordinary);

    [Fact]
    public void The_caller_goes_on_after_a_signal() =>
        Expect(ConclusionKind.Return, Ordinary with { EndedBySignal = true, WasBodyStopped = true, HasOutcome = true });

    [Theory]
    [InlineData(AfterSignal.Stop)]
    [InlineData(AfterSignal.Exit)]
    [InlineData(AfterSignal.Raise)]
    public void The_caller_ends_after_a_signal_if_that_was_asked_for(AfterSignal after) =>
        Expect(ConclusionKind.StopAfterSignal, Ordinary with { EndedBySignal = true, AfterSignal = after, WasBodyStopped = true, HasOutcome = true });

    [Fact]
    public void The_caller_sees_the_error_of_the_body() => Expect(ConclusionKind.ThrowOutcome, Ordinary with { HasOutcome = true });

    [Fact]
    public void The_caller_sees_a_stop_that_no_signal_has_caused() =>
        Expect(ConclusionKind.ThrowOutcome, Ordinary with { HasOutcome = true, WasBodyStopped = true });

    [Fact]
    public void An_exit_block_goes_on_when_the_process_has_ended_a_scope_within_it() =>
        Expect(ConclusionKind.Return, Ordinary with { HasOutcome = true, WasBodyStopped = true, IsWithinExitBlock = true });

    [Fact]
    public void A_held_stop_of_the_caller_comes_first() =>
        Expect(ConclusionKind.Stop, Ordinary with { WasStopHeld = true, HasOutcome = true, HasExit = true });

    [Fact]
    public void An_outer_body_that_is_ending_runs_no_further_statement() =>
        Expect(ConclusionKind.StopWithOuterBody, Ordinary with { MayOuterGoOn = false, HasOutcome = true });

    [Fact]
    public void The_error_of_the_body_comes_before_the_exit_of_an_exit_block() =>
        Expect(ConclusionKind.ThrowOutcome, Ordinary with { HasOutcome = true, HasExit = true, HasRefusal = true });

    [Fact]
    public void A_caller_whose_pipeline_is_over_does_not_end_silently() => Expect(ConclusionKind.Stop, Ordinary with { IsCallerOver = true });

    private static void Expect(ConclusionKind expected, ConclusionFacts facts) => Assert.Equal(expected, Conclusion.Decide(facts));
}
