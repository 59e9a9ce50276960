using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GracefulExit.Rescue;

/// <summary>
/// Exit blocks in a runspace that is not the caller's: each runs once, dot-sourced, whatever the one before did.
/// </summary>
/// <remarks>Threads: the calling thread runs them; a time-out stops one from a pool thread.</remarks>
/// <param name="runspace">The runspace.</param>
/// <param name="context">The exit context.</param>
/// <param name="count">How many exit blocks the scope has.</param>
/// <param name="limit">How long each may run; zero: for ever.</param>
/// <param name="report">Takes what there is to say of a failure.</param>
internal sealed class DetachedExitBlocks(Runspace runspace, ExitContext context, int count, TimeSpan limit, Action<string> report)
{
    /// <summary>Runs an exit block, with its output and errors shown by the runspace's host. Nothing is thrown.</summary>
    /// <param name="index">Which it is, counted from 0.</param>
    /// <param name="block">A script block that belongs to no session.</param>
    public void Run(int index, ScriptBlock block)
    {
        using PowerShell powerShell = PowerShell.Create();
        powerShell.Runspace = runspace;
        powerShell.AddScript(". $args[0] $args[1]").AddArgument(block).AddArgument(context);
        powerShell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        powerShell.AddCommand("Out-Default");
        using Timer? timeout = StartTimeout(powerShell, index);
        try
        {
            powerShell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            // Its time was up, which has been said.
        }
        catch (Exception exception)
        {
            report(Messages.ExitBlockFailed(index + 1, count, exception.Message));
        }
    }

    private Timer? StartTimeout(PowerShell powerShell, int index) => limit == TimeSpan.Zero ? null : new Timer(
        _ =>
        {
            report(Messages.ExitBlockTimedOut(index + 1, count, limit.TotalSeconds));
            powerShell.BeginStop(null, null);
        },
        null,
        limit,
        Timeout.InfiniteTimeSpan);
}
