using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using GracefulExit.Engine;
using GracefulExit.Supervision;

namespace GracefulExit.Blocks;

/// <summary>A runspace other than the caller's, for the exit blocks of a rescue or guard. Output goes to its host.</summary>
/// <remarks>Threads: <see cref="Run"/> on one; the rest on the supervisor's.</remarks>
/// <param name="runspace">The runspace.</param>
/// <param name="host">Its host.</param>
/// <param name="context">The exit context.</param>
internal sealed class DetachedPlace(Runspace runspace, ProcessHost host, ExitContext context) : IBlockPlace
{
    private readonly Lock _lock = new();
    private PowerShell? _running;
    private Thread? _thread;
    private bool _isStopped;

    /// <summary>Gets the runspace.</summary>
    public Runspace Runspace => runspace;

    public void Run(ExitBlock block)
    {
        object?[] arguments = block.Arguments ?? [context];
        using PowerShell powerShell = PowerShell.Create();
        powerShell.Runspace = runspace;
        powerShell.AddScript(CallWith(arguments.Length)).AddArgument(Unbind(block.Script));
        Array.ForEach(arguments, argument => powerShell.AddArgument(argument));
        powerShell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        powerShell.AddCommand("Out-Default");
        lock (_lock)
        {
            if (_isStopped)
            {
                throw new PipelineStoppedException();
            }

            _running = powerShell;
            _thread = Thread.CurrentThread;
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
                _thread = null;
            }
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

        host.Refuse();
        if (running is not null)
        {
            StopThread.Begin(running);
        }
    }

    public void TryInterrupt()
    {
        lock (_lock)
        {
            // Under the lock: once the block has ended, its thread must not be interrupted.
            if (_thread is { } thread && thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin) && EngineInternals.IsStopInForce(runspace))
            {
                Gate.Interrupt(thread);
            }
        }
    }

    /// <summary>A copy of a script block that belongs to no session, so that it runs in any runspace, in that runspace's language mode.</summary>
    private static ScriptBlock Unbind(ScriptBlock block) =>
        // From the syntax tree where possible: errors then still show the file and line.
        EngineInternals.WithLanguageMode(block.Ast is ScriptBlockAst tree ? tree.GetScriptBlock() : ScriptBlock.Create(block.ToString()), null);

    private static string CallWith(int arguments) =>
        $". $args[0] {string.Join(' ', Enumerable.Range(1, arguments).Select(static number => $"$args[{number}]"))}";
}
