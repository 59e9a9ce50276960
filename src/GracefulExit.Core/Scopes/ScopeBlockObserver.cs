using System.Management.Automation;
using GracefulExit.Blocks;
using GracefulExit.Engine;

namespace GracefulExit.Scopes;

/// <summary>Is notified of the progress of a scope's exit blocks: informs the guard and the timeline, and keeps what the caller gets to see.</summary>
/// <remarks>Threads: the one that runs the exit blocks, except <see cref="OnGivenUp"/>, which is the supervisor's.</remarks>
internal sealed class ScopeBlockObserver(Scope scope) : IBlockObserver
{
    private readonly List<BlockFailure> _failures = [];
    private ProcessHost? _host;

    /// <summary>Gets the exception of an exit block's <c>exit</c>, which is thrown again in the caller.</summary>
    public ExitException? Exit { get; private set; }

    /// <summary>Gets or sets the action to call on the pipeline thread before a block runs.</summary>
    public Action? BeforeBlock { get; set; }

    /// <summary>Takes the failures so far. The caller reports them.</summary>
    public BlockFailure[] TakeFailures()
    {
        BlockFailure[] failures = [.. _failures];
        _failures.Clear();
        return failures;
    }

    /// <summary>From now on, write failures to standard error: the blocks run outside the caller's thread.</summary>
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
