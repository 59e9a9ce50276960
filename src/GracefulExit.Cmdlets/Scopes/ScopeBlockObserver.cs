using System.Management.Automation;
using GracefulExit.Blocks;
using GracefulExit.Engine;

namespace GracefulExit.Scopes;

/// <summary>Learns what becomes of a scope's exit blocks: tells the guard and the timeline, and keeps what the caller is to see.</summary>
/// <remarks>Threads: the one that runs the exit blocks, except <see cref="OnGivenUp"/>, which is the supervisor's.</remarks>
internal sealed class ScopeBlockObserver(Scope scope) : IBlockObserver
{
    private readonly List<BlockFailure> _failures = [];
    private ProcessHost? _host;

    /// <summary>Gets the <c>exit</c> of an exit block, to be thrown again in the caller.</summary>
    public ExitException? Exit { get; private set; }

    /// <summary>Gets or sets who can be told of a block's begin on the pipeline thread, before it runs.</summary>
    public Action? BeforeBlock { get; set; }

    /// <summary>The failures so far, which are then the caller's to tell.</summary>
    public BlockFailure[] TakeFailures()
    {
        BlockFailure[] failures = [.. _failures];
        _failures.Clear();
        return failures;
    }

    /// <summary>From now on failures go to standard error: the blocks run outside the caller's thread.</summary>
    public void UseProcessOutput() => _host ??= new ProcessHost();

    public void OnBegin(ExitBlock block, IBlockPlace place)
    {
        scope.Timeline.Add("exit block", block.Id + 1);
        if (_host is null)
        {
            BeforeBlock?.Invoke();
        }

        scope.Guard?.BlockBegins(block.Id);
    }

    public void OnEnd(ExitBlock block) => scope.Guard?.BlockEnded(block.Id);

    public void OnFailure(BlockFailure failure)
    {
        if (_host is { } host)
        {
            host.UI.WriteErrorLine(failure.Message);
        }
        else
        {
            _failures.Add(failure);
        }
    }

    public void OnExit(ExitException exit) => Exit ??= exit;

    public void OnGivenUp(BlockFailure failure) => scope.GiveUp(failure.Message);
}
