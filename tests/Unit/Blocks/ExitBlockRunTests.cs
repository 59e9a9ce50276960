using System.Management.Automation;
using GracefulExit.Blocks;
using GracefulExit.Supervision;

namespace GracefulExit.Unit.Blocks;

/// <summary>The loop that runs exit blocks, with an engine that loses the stop of one.</summary>
public sealed class ExitBlockRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    [Fact]
    public void Stops_a_block_again_whose_stop_was_lost()
    {
        using Place place = new(hasThrown: false, until: static place => place.StoppedAgain.Wait(LongEnough));
        Observer observer = Run(place);
        Assert.True(place.StoppedAgain.IsSet);
        Assert.Equal(["begin", "ExitBlockTimedOut", "end"], observer.Events);
    }

    [Fact]
    public void Does_not_stop_a_block_again_that_is_unwinding()
    {
        using Place place = new(hasThrown: true, until: static place => place.Looks.Wait(LongEnough));
        Observer observer = Run(place);
        Assert.True(place.Looks.IsSet);
        Assert.False(place.StoppedAgain.IsSet);
        Assert.Equal(["begin", "ExitBlockTimedOut", "end"], observer.Events);
    }

    private static Observer Run(Place place)
    {
        Observer observer = new();
        Supervisor supervisor = new();
        supervisor.Start();
        ExitBlockRun run = new([new ExitBlock(0, ScriptBlock.Create("1"))], supervisor, Limit, LongEnough, observer);
        Assert.True(run.Run(place));
        return observer;
    }

    /// <summary>Where the stop of a block is never in force.</summary>
    private sealed class Place(bool hasThrown, Action<Place> until) : IBlockPlace, IDisposable
    {
        private readonly ManualResetEventSlim _stopped = new();

        public ManualResetEventSlim StoppedAgain { get; } = new();

        /// <summary>Gets the event of many looks at the stop.</summary>
        public CountdownEvent Looks { get; } = new(5);

        public bool? IsStopInForce
        {
            get
            {
                _ = !Looks.IsSet && Looks.Signal();
                return false;
            }
        }

        public void Run(ExitBlock block)
        {
            _ = _stopped.Wait(LongEnough);
            if (hasThrown)
            {
                try
                {
                    throw new PipelineStoppedException();
                }
                catch (PipelineStoppedException)
                {
                    // And now its finally block.
                }
            }

            until(this);
        }

        public void BeginStop() => _stopped.Set();

        public void BeginStopAgain() => StoppedAgain.Set();

        public void TryInterrupt()
        {
        }

        public void Dispose()
        {
            _stopped.Dispose();
            StoppedAgain.Dispose();
            Looks.Dispose();
        }
    }

    private sealed class Observer : IBlockObserver
    {
        public List<string> Events { get; } = [];

        public void OnBegin(ExitBlock block, IBlockPlace place) => Events.Add("begin");

        public void OnEnd(ExitBlock block) => Events.Add("end");

        public void OnFailure(BlockFailure failure) => Events.Add(failure.ErrorId);

        public void OnExit(ExitException exit) => Events.Add("exit");

        public void OnGivenUp(BlockFailure failure) => Events.Add("given up");
    }
}
