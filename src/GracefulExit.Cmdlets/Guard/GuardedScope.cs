using GracefulExit.Rescue;
using GracefulExit.Blocks;
using System.Management.Automation;

namespace GracefulExit.Guard;

/// <summary>A scope that has a guard: what the scope tells it.</summary>
/// <remarks>
/// Threads: begun on the pipeline thread; told by whoever runs the exit blocks, which is one thread. Everything goes
/// through <see cref="GuardProcess"/>, which is locked. A guard that is gone is told nothing, and nobody waits for it.
/// </remarks>
internal sealed class GuardedScope
{
    private readonly ScopeContents _scope;
    private readonly GuardProcess _guard;

    private GuardedScope(ScopeContents scope, GuardProcess guard)
    {
        _scope = scope;
        _guard = guard;
    }

    /// <summary>
    /// Takes along what the exit blocks need and hands it to the guard, which is started if there is none. When this
    /// returns, the guarantee holds: all is in the pipe, and the guard will read it once it is up.
    /// </summary>
    /// <returns>Null: there is nothing to guard.</returns>
    /// <exception cref="GuardFailedException">There is no guard.</exception>
    public static GuardedScope? Begin(ScopeContents scope, PSCmdlet outer)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new GuardFailedException(Messages.GuardUnsupported);
        }

        if (scope.Blocks.Count == 0)
        {
            return null;
        }

        // What warns may throw, if the caller wants that of warnings: so before there is a process.
        if (Environment.ProcessId == 1)
        {
            outer.WriteWarning(Messages.GuardUnderInit);
        }

        string log = GuardLog.ChoosePath(outer.SessionState.Path, scope.Timeline.IsWanted);
        byte[] payload = GuardPayload.Take(scope, log, outer.WriteWarning).ToBytes();
        GuardedScope guarded = new(scope, GuardProcess.Watch(scope, payload));
        scope.Timeline.Add("guarded by process", guarded._guard.Id);
        return guarded;
    }

    /// <summary>An exit block is about to run here: from now on it is not the guard's to run.</summary>
    public void BlockBegins(int index) => _guard.Tell(new GuardMessage(GuardMessageKind.BlockBegins, _scope.Id, index));

    /// <summary>An exit block has ended.</summary>
    public void BlockEnded(int index) => _guard.Tell(new GuardMessage(GuardMessageKind.BlockEnded, _scope.Id, index));

    /// <summary>An exit block was pushed: the guard gets it with the values that it names, as they are now.</summary>
    public void BlockPushed(ScopeContents contents, ExitBlock block, PSCmdlet outer) => _ = (contents, block, outer);

    /// <summary>An exit block was taken back.</summary>
    public void BlockRemoved(ExitBlock block) => _ = block;

    /// <summary>The scope has ended. The guard of the last one leaves. May be called again.</summary>
    public void Release() => _guard.Release(_scope);
}
