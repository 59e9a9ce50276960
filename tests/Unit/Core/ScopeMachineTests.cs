using GracefulExit.Core;

namespace GracefulExit.Unit.Core;

public sealed class ScopeMachineTests
{
    private static readonly TimeSpan Some = TimeSpan.FromSeconds(2);

    public static TheoryData<bool, bool> Settings => new() { { false, false }, { true, false }, { false, true }, { true, true } };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Keeps_its_promises_in_every_state_that_can_be_reached(bool hasGrace, bool forwards)
    {
        ScopeExplorer explorer = new(ScopeMachine.Next, Limits(hasGrace, forwards));
        explorer.Explore();
        Assert.Empty(explorer.Problems);
        Assert.True(explorer.States > 100, $"only {explorer.States} states were reached");
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Keeps_its_promises_in_long_random_sequences(bool hasGrace, bool forwards)
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            RandomWalk walk = new(ScopeMachine.Next, Limits(hasGrace, forwards), seed);
            walk.Run(200);
            Assert.True(walk.Claims == 1, $"seed {seed}: the exit blocks ran {walk.Claims} times");
        }
    }

    [Fact]
    public void The_explorer_finds_a_request_that_arms_no_deadline()
    {
        // Finding A6: user code ran before any deadline was set, and could keep it from being set.
        ScopeExplorer explorer = new(
            (limits, state, happened) =>
            {
                (ScopeState next, ScopeEffects effects) = ScopeMachine.Next(limits, state, happened);
                return happened.Kind == ScopeEventKind.Requested ? (next with { Deadline = DeadlineKind.None }, effects) : (next, effects);
            },
            Limits(hasGrace: true, forwards: false));
        explorer.Explore();
        Assert.Contains(explorer.Problems, static problem => problem.StartsWith("does not end by its deadlines", StringComparison.Ordinal));
    }

    [Fact]
    public void The_explorer_finds_a_guard_that_learns_too_late()
    {
        // Finding A5: the rescue ran before the guard was known to the scope, and the guard ran the exit blocks again.
        ScopeExplorer explorer = new(ScopeMachine.Next, Limits(hasGrace: false, forwards: false), tellsGuardLate: true);
        explorer.Explore();
        Assert.Contains(explorer.Problems, static problem => problem.Contains("would run the exit blocks again", StringComparison.Ordinal));
    }

    [Fact]
    public void The_explorer_finds_exit_blocks_that_are_claimed_twice()
    {
        ScopeExplorer explorer = new(
            static (limits, state, happened) => happened.Kind == ScopeEventKind.BodyLeft && state.Phase == ScopePhase.Rescuing
                ? (state with { Phase = ScopePhase.Rescuing, IsBodyLeft = true }, ScopeEffects.RunBlocksInFreshPipeline)
                : ScopeMachine.Next(limits, state, happened),
            Limits(hasGrace: false, forwards: false));
        explorer.Explore();
        Assert.Contains(explorer.Problems, static problem => problem.StartsWith("the exit blocks were given away 2 times", StringComparison.Ordinal));
    }

    private static ScopeLimits Limits(bool hasGrace, bool forwards) =>
        new(hasGrace ? Some : TimeSpan.Zero, Some, forwards ? Some : TimeSpan.Zero);

    /// <summary>One scope, events at random, until it is over; then the body's thread does what is left for it.</summary>
    private sealed class RandomWalk(Machine machine, ScopeLimits limits, int seed)
    {
        private readonly Random _random = new(seed);
        private ScopeState _state;
        private bool _hasInner;
        private bool _isInBody;
        private bool _areBlocksDone;

        public int Claims { get; private set; }

        public void Run(int steps)
        {
            long now = 0;
            for (int i = 0; i < steps && !_areBlocksDone; i++)
            {
                now += _random.Next(0, 3000);
                Step(now);
            }

            // The body ends at last, if nobody has taken the exit blocks from it.
            if (!_state.IsClaimed)
            {
                Send(new ScopeEvent(ScopeEventKind.BodyLeft, now, Outcome: BodyOutcomeKind.Completed));
            }
        }

        private void Step(long now)
        {
            switch (_random.Next(10))
            {
                case 0:
                    Send(new ScopeEvent(ScopeEventKind.Requested, now, ExitRequest.ForSignal(Signal.Terminate), _hasInner && _random.Next(2) == 0));
                    break;
                case 1 when _random.Next(4) == 0:
                    Send(new ScopeEvent(ScopeEventKind.ProcessExiting, now, new ExitRequest(ExitReason.ProcessExit, null, 0), _hasInner));
                    break;
                case 2 when _random.Next(4) == 0:
                    Send(new ScopeEvent(ScopeEventKind.StoppedFromElsewhere, now, ExitRequest.Stopped));
                    break;
                case 3 when !_isInBody:
                    _isInBody = Send(new ScopeEvent(ScopeEventKind.BodyEntered, now)).HasFlag(ScopeEffects.RunBody);
                    break;
                case 4 when _isInBody && !_hasInner:
                    _hasInner = true;
                    Send(new ScopeEvent(ScopeEventKind.InnerBegan, now));
                    break;
                case 5 when _hasInner:
                    _hasInner = false;
                    Send(new ScopeEvent(ScopeEventKind.InnerEnded, now));
                    break;
                case 6:
                    Send(new ScopeEvent(ScopeEventKind.Forwarded, now, Flag: _random.Next(2) == 0));
                    break;
                case 7 when _isInBody && !_hasInner && _random.Next(4) == 0:
                    Send(new ScopeEvent(ScopeEventKind.BodyLeft, now, Outcome: (BodyOutcomeKind)_random.Next(5)));
                    break;
                case 8 when _state.IsClaimed:
                    _areBlocksDone = true;
                    Send(new ScopeEvent(ScopeEventKind.BlocksDone, now));
                    break;
                default:
                    Send(new ScopeEvent(ScopeEventKind.DeadlinePassed, now));
                    break;
            }
        }

        private ScopeEffects Send(ScopeEvent happened)
        {
            (_state, ScopeEffects effects) = machine(limits, _state, happened);
            const ScopeEffects giving = ScopeEffects.Rescue | ScopeEffects.RunBlocksInBodyPipeline | ScopeEffects.RunBlocksInFreshPipeline;
            Claims += (effects & giving) != ScopeEffects.None ? 1 : 0;
            return effects;
        }
    }
}
