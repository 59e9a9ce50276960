using GracefulExit.Scopes;
using Xunit;

namespace GracefulExit.Unit.Scopes;

/// <summary>The state machine by itself: no signal, no shell.</summary>
public sealed class ExitScopeTests
{
    private readonly ExitScope _scope = ScopeFixture.Begin(new ScopeRegistry());

    [Fact]
    public void A_body_that_ends_is_claimed_in_its_own_pipeline_only_if_that_has_begun()
    {
        Assert.True(_scope.TryEnterBody(null!));
        Assert.Equal(ExitScopeState.Body, _scope.State);
        Assert.Equal(ExitClaim.InFreshPipeline, _scope.ClaimExit(BodyOutcome.Completed));
        Assert.Equal(ExitScopeState.Exiting, _scope.State);
        Assert.Equal(ExitReason.Completed, _scope.Context.Reason);
        Assert.Equal(0, _scope.Context.ExitCode);
        Assert.Null(_scope.Context.RequestedAt);
    }

    [Fact]
    public void A_request_before_the_body_leaves_the_body_out()
    {
        Assert.True(_scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate)));
        Assert.False(_scope.TryEnterBody(null!));
        Assert.Equal(ExitClaim.InFreshPipeline, _scope.ClaimExit(BodyOutcome.NotBegun));
        Assert.Equal(ExitReason.Signal, _scope.Context.Reason);
        Assert.Equal("SIGTERM", _scope.Context.Signal);
        Assert.Equal(143, _scope.Context.ExitCode);
    }

    [Fact]
    public void A_request_before_the_body_with_a_grace_period_lets_it_begin_and_find_out()
    {
        ExitScope scope = ScopeFixture.Begin(new ScopeRegistry(), ScopeFixture.Options(graceSeconds: 5));
        Assert.True(scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate)));
        Assert.True(scope.TryEnterBody(null!));
        Assert.Equal(ExitScopeState.Draining, scope.State);
        Assert.True(scope.Context.IsExitRequested);
        Assert.True(scope.MayGoOn());
    }

    [Fact]
    public void The_first_request_counts()
    {
        Assert.True(_scope.RequestExit(ExitRequest.ForSignal(Signal.HangUp)));
        Assert.False(_scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate)));
        Assert.False(_scope.RequestExit(ExitRequest.Stopped));
        Assert.Equal("SIGHUP", _scope.Context.Signal);
    }

    [Fact]
    public void A_request_cancels_the_token_and_a_callback_that_throws_keeps_nothing_from_ending()
    {
        using CancellationTokenRegistration registration =
            _scope.Context.Token.Register(() => throw new InvalidOperationException("the user's own"));
        Assert.True(_scope.RequestExit(ExitRequest.Stopped));
        Assert.True(_scope.Context.Token.IsCancellationRequested);
    }

    [Fact]
    public void Once_the_exit_is_claimed_a_request_comes_too_late()
    {
        _scope.TryEnterBody(null!);
        _scope.ClaimExit(BodyOutcome.Completed);
        Assert.False(_scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate)));
        Assert.Equal(ExitReason.Completed, _scope.Context.Reason);
        Assert.False(_scope.Context.IsExitRequested);
    }

    [Fact]
    public void A_rescue_is_refused_before_the_stop_and_after_the_body_has_unwound()
    {
        _scope.TryEnterBody(null!);
        Assert.False(_scope.TryClaimRescue());
        _scope.StopBody();
        _scope.ClaimExit(BodyOutcome.NotBegun);
        Assert.False(_scope.TryClaimRescue());
        Assert.False(_scope.Context.IsRescue);
    }

    [Fact]
    public void A_rescue_takes_the_exit_from_a_body_that_unwinds_later()
    {
        _scope.TryEnterBody(null!);
        _scope.StopBody();
        Assert.True(_scope.TryClaimRescue());
        Assert.False(_scope.TryClaimRescue());
        Assert.Equal(ExitClaim.Taken, _scope.ClaimExit(BodyOutcome.NotBegun));
        Assert.True(_scope.Context.IsRescue);
    }

    [Fact]
    public void An_error_of_the_body_itself_is_the_reason_even_after_a_request()
    {
        ExitScope scope = ScopeFixture.Begin(new ScopeRegistry(), ScopeFixture.Options(graceSeconds: 5));
        scope.TryEnterBody(null!);
        scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate));
        scope.ClaimExit(BodyOutcome.FromException(new InvalidOperationException("broken")));
        Assert.Equal(ExitReason.Error, scope.Context.Reason);
        Assert.Equal(1, scope.Context.ExitCode);
        Assert.Equal("broken", scope.Context.ErrorRecord!.Exception.Message);
    }

    [Fact]
    public void An_error_of_a_stopped_body_unwinding_is_not_the_reason()
    {
        _scope.TryEnterBody(null!);
        _scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate));
        _scope.StopBody();
        _scope.ClaimExit(BodyOutcome.FromException(new InvalidOperationException("interrupted")));
        Assert.Equal(ExitReason.Signal, _scope.Context.Reason);
        Assert.Null(_scope.Context.ErrorRecord);
    }

    [Fact]
    public void The_body_around_a_requested_scope_may_not_continue()
    {
        _scope.TryEnterBody(null!);
        Assert.True(_scope.MayGoOn());
        _scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate));
        Assert.False(_scope.MayGoOn());
    }

    [Fact]
    public void The_exit_block_around_a_scope_goes_on_whatever_was_requested()
    {
        _scope.TryEnterBody(null!);
        _scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate));
        _scope.StopBody();
        Assert.False(_scope.MayGoOn());
        _scope.ClaimExit(BodyOutcome.NotBegun);
        Assert.True(_scope.MayGoOn());
    }

    [Fact]
    public void However_body_rescue_and_requests_race_exactly_one_claims_the_exit()
    {
        for (int round = 0; round < 2000; round++)
        {
            ExitScope scope = ScopeFixture.Begin(new ScopeRegistry());
            scope.TryEnterBody(null!);
            int claims = 0;
            using Barrier start = new(3);
            Parallel.Invoke(
                () =>
                {
                    start.SignalAndWait();
                    scope.RequestExit(ExitRequest.ForSignal(Signal.Terminate));
                    scope.StopBody();
                    if (scope.TryClaimRescue())
                    {
                        Interlocked.Increment(ref claims);
                    }
                },
                () =>
                {
                    start.SignalAndWait();
                    if (scope.ClaimExit(BodyOutcome.Completed) != ExitClaim.Taken)
                    {
                        Interlocked.Increment(ref claims);
                    }
                },
                () =>
                {
                    start.SignalAndWait();
                    scope.RequestExit(ExitRequest.Stopped);
                    scope.StopBody();
                });
            Assert.Equal(1, claims);
        }
    }

    [Fact]
    public void An_interrupt_that_comes_while_the_exit_is_claimed_is_not_thrown_there()
    {
        using ManualResetEventSlim claimed = new();
        Exception? thrown = null;
        Thread thread = new(() =>
        {
            try
            {
                ExitScope scope = ScopeFixture.Begin(new ScopeRegistry());
                Thread.CurrentThread.Interrupt();
                scope.ClaimExit(BodyOutcome.Completed);
                Uninterruptible.ClearPending();
                Thread.Sleep(1);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }

            claimed.Set();
        });
        thread.Start();
        Assert.True(claimed.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Null(thrown);
    }
}
