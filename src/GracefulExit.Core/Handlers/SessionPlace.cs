using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;

namespace GracefulExit.Handlers;

/// <summary>The session in which a handler was registered, while it runs nothing else. The exit blocks run in the scope in which they were registered.</summary>
/// <remarks>Threads: <see cref="Run"/> on one; the rest on the supervisor's.</remarks>
internal sealed class SessionPlace(RegisteredHandler handler) : IBlockPlace
{
    private readonly Lock _lock = new();
    private PowerShell? _running;
    private bool _isStopped;

    public void Run(ExitBlock block)
    {
        using IDisposable? scope = block.Position?.Enter();
        CallerVariable underscore = new((block.Script.Module?.SessionState ?? handler.Caller.SessionState).PSVariable, "_");
        underscore.Set(handler.Context);
        using PowerShell powerShell = PowerShell.Create();
        powerShell.Runspace = handler.Runspace;
        powerShell.AddScript(". $args[0] $args[1]").AddArgument(block.Script).AddArgument(handler.Context);
        powerShell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        powerShell.AddCommand("Out-Default");
        lock (_lock)
        {
            if (_isStopped)
            {
                throw new PipelineStoppedException();
            }

            _running = powerShell;
        }

        try
        {
            powerShell.Invoke();
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }

            underscore.Restore();
        }
    }

    public void BeginStop()
    {
        PowerShell? running;
        lock (_lock)
        {
            _isStopped = true;
            running = _running;
        }

        running?.BeginStop(null, null);
    }

    public void TryInterrupt()
    {
        // The session is ending. Leave a block that does not unwind: the process will end soon.
    }
}
