using System.Management.Automation;
using GracefulExit.Engine;

namespace GracefulExit.Blocks;

/// <summary>
/// The pipelines in which a scope's exit blocks run on the caller's thread. Those of <c>-OnExit</c> are created while the outer
/// cmdlet is the running command, so that the call's redirections apply to them too.
/// </summary>
/// <remarks>Threads: the pipeline thread.</remarks>
internal sealed class CallerBlocks : IDisposable
{
    private readonly PSCmdlet _outer;
    private readonly object? _outerCommand;
    private readonly ExitContext _context;
    private readonly Dictionary<ExitBlock, SteppablePipeline> _prepared = new(ReferenceEqualityComparer.Instance);

    public CallerBlocks(PSCmdlet outer, CallerSession caller, ExitContext context, IEnumerable<ExitBlock> blocks)
    {
        _outer = outer;
        _outerCommand = EngineInternals.GetCurrentCommand(outer);
        _context = context;
        Guard = new OutputGuard(caller);
        foreach (ExitBlock block in blocks)
        {
            _prepared.Add(block, UserPipelines.ForExitBlock(outer, block.Script, ArgumentsOf(block), Guard));
        }
    }

    /// <summary>Gets the guard between the exit blocks' output and the caller's pipeline.</summary>
    public OutputGuard Guard { get; }

    /// <summary>Creates the place in which exit blocks run within a nested pipeline.</summary>
    /// <param name="worker">The running command of that pipeline.</param>
    /// <param name="pipeline">The pipeline; null: the caller's own, because the session takes no other. Then a block can't be stopped.</param>
    /// <param name="interrupt">Interrupts the pipeline thread's wait, if that is safe.</param>
    public IBlockPlace In(PSCmdlet worker, NestedPipeline? pipeline, Action interrupt) => new Place(this, worker, pipeline, interrupt);

    public void Dispose()
    {
        foreach (SteppablePipeline pipeline in _prepared.Values)
        {
            pipeline.Dispose();
        }
    }

    private object?[] ArgumentsOf(ExitBlock block) => block.Arguments ?? [_context];

    private void Run(ExitBlock block, PSCmdlet worker)
    {
        // Even if the caller is within a try, a failed statement only prints an error, and the rest of the clean-up still runs.
        EngineInternals.SetWithinTry(worker, false);
        if (Guard.IsRefused)
        {
            using SteppablePipeline unheard = UserPipelines.ForUnheardExitBlock(block.Script, ArgumentsOf(block), Guard);
            Run(unheard, worker);
        }
        else if (_prepared.TryGetValue(block, out SteppablePipeline? prepared))
        {
            Run(prepared, _outer);
        }
        else
        {
            using SteppablePipeline pushed = MakeAsOuter(worker, block);
            Run(pushed, _outer);
        }
    }

    /// <summary>For a block that was pushed while the body ran: creates its pipeline as if the outer cmdlet were the running command.</summary>
    private SteppablePipeline MakeAsOuter(PSCmdlet worker, ExitBlock block)
    {
        object? running = EngineInternals.GetCurrentCommand(worker);
        EngineInternals.SetCurrentCommand(worker, _outerCommand);
        try
        {
            return UserPipelines.ForExitBlock(_outer, block.Script, ArgumentsOf(block), Guard);
        }
        finally
        {
            EngineInternals.SetCurrentCommand(worker, running);
        }
    }

    private static void Run(SteppablePipeline pipeline, PSCmdlet linkedTo)
    {
        pipeline.Begin(linkedTo);
        pipeline.Process();
        pipeline.End();
    }

    private sealed class Place(CallerBlocks blocks, PSCmdlet worker, NestedPipeline? pipeline, Action interrupt) : IBlockPlace
    {
        public void Run(ExitBlock block)
        {
            blocks.Guard.Pipeline = pipeline;
            blocks.Run(block, worker);
        }

        public void BeginStop() => pipeline?.BeginStop();

        public bool? IsStopInForce => pipeline?.IsStopInForce;

        public void BeginStopAgain() => pipeline?.BeginStopAgain();

        public void TryInterrupt() => interrupt();
    }
}
