using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;
using GracefulExit.Rescue;
using GracefulExit.Supervision;

namespace GracefulExit.Guard;

/// <summary>
/// The guard's side: waits on the channel until the owner does not need it any more, or is dead. If it is dead, runs what the
/// owner has not run, the newest scope first.
/// </summary>
/// <remarks>
/// Threads: all of it is on one thread of its own, and exit blocks run on another. Signals arrive on .NET's threads, which
/// ignore them; see the implementations of <see cref="IGuardSystem"/>.
/// </remarks>
internal sealed class GuardSession
{
    /// <summary>How long an exit block may take to stop after it was told to.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    /// <summary>As much as the engine gives a pipeline, since values may be nested deeply. The main thread's depends on a limit of the system.</summary>
    private const int StackSize = 10_000_000;

    private readonly GuardLedger _ledger = new();
    private readonly ProcessHost _host = new();

    /// <summary>What a guard does: called by its start-up hook, or by its command line. Does not return.</summary>
    public static void Main()
    {
        Thread thread = new(RunAndEnd, StackSize) { Name = "GracefulExit.Guard.Session" };
        thread.Start();
        thread.Join();
    }

    private static void RunAndEnd()
    {
        int status = 1;
        try
        {
            new GuardSession().Run();
            status = 0;
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(exception.Message);
        }

        // Threads that an exit block has left behind must not keep the guard alive.
        IGuardSystem.Current.End(status);
    }

    private void Run()
    {
        IGuardSystem.Current.StandFast();
        bool hasRehearsed = false;
        using (GuardChannel.Reader channel = new())
        {
            while (channel.Read() is { } message)
            {
                if (message.Kind == GuardMessageKind.Leave)
                {
                    return;
                }

                Note(message);
                if (!hasRehearsed)
                {
                    // Not earlier: the owner may be waiting for room in the pipe.
                    hasRehearsed = true;
                    GuardRehearsal.Run();
                }
            }
        }

        IReadOnlyList<GuardWork> remaining = _ledger.Remaining;
        if (remaining.Count > 0)
        {
            IGuardSystem.Current.WaitForOwner(remaining[0].Payload.OwnerId);
            TakeOver(remaining);
        }
    }

    private void Note(GuardMessage message)
    {
        try
        {
            _ledger.Note(message);
        }
        catch (Exception exception)
        {
            // Only this scope's payload is bad. The other scopes are still guarded.
            Console.Error.WriteLine(Messages.RescueFailed(exception.Message));
        }
    }

    private void TakeOver(IReadOnlyList<GuardWork> remaining)
    {
        IGuardSystem.Current.TakeOver();
        Console.SetOut(ForgivingWriter.Over(Console.OpenStandardOutput()));
        Console.SetError(ForgivingWriter.Over(Console.OpenStandardError()));
        foreach (GuardWork work in remaining)
        {
            try
            {
                RunExitBlocks(work);
            }
            catch (Exception exception)
            {
                Report(work.Payload, Messages.RescueFailed(exception.Message));
            }
        }
    }

    private void RunExitBlocks(GuardWork work)
    {
        GuardPayload payload = work.Payload;
        int count = payload.ExitBlocks.Count;
        foreach (int cut in work.Cut)
        {
            Report(payload, Messages.GuardBlockCut(Math.Min(cut, count - 1) + 1, count));
        }

        if (work.Blocks.Count == 0)
        {
            return;
        }

        RestoreProcess(payload);
        ExitContext context = ExitContext.ForKilled(payload.StartedAt);
        CapturedSession session = payload.ToSession((name, reason) => Report(payload, Messages.GuardVariableLost(name, reason)));
        Supervisor supervisor = new();
        supervisor.Start();
        GuardBlockObserver observer = new(message => Report(payload, message));
        ExitBlockRun run = new(Parse(work, session), supervisor, payload.ExitTimeout, StopTimeout, observer);
        while (!run.IsDone)
        {
            ProcessHost processHost = new();
            Runspace runspace = session.CreateRunspace(processHost, context);
            DefineTypes(payload, runspace);
            observer.AfterBlock = () => LogErrors(payload, runspace);

            // On a thread of its own: if it can't be stopped, it is left behind, and the other blocks run here.
            DetachedPlace place = new(runspace, processHost, context);
            Thread worker = new(() => run.Run(place)) { IsBackground = true, Name = "GracefulExit.Guard.Blocks" };
            worker.Start();
            if (observer.WaitForTurn(worker))
            {
                // Disposing would wait for the block that can't be stopped.
                runspace.Dispose();
            }
        }
    }

    /// <summary>The blocks that have not begun, as script blocks of this process.</summary>
    private List<ExitBlock> Parse(GuardWork work, CapturedSession session)
    {
        object? arguments = session.Variables.FirstOrDefault(static variable => variable.Name == GuardPayload.ArgumentsName)?.Value;
        List<ExitBlock> parsed = [];
        int count = work.Payload.ExitBlocks.Count;
        foreach (GuardedBlock block in work.Blocks)
        {
            try
            {
                parsed.Add(new ExitBlock(block.Id, block.Text.ToScriptBlock(), Arguments: arguments as object?[]));
            }
            catch (ParseException exception)
            {
                Report(work.Payload, Messages.ExitBlockFailed(Math.Min(block.Id, count - 1) + 1, count, exception.Message));
            }
        }

        return parsed;
    }

    private void DefineTypes(GuardPayload payload, Runspace runspace)
    {
        foreach (ScriptText definitions in payload.Types)
        {
            try
            {
                using PowerShell powerShell = PowerShell.Create();
                powerShell.Runspace = runspace;
                powerShell.AddScript(". $args[0]").AddArgument(definitions.ToScriptBlock()).Invoke();
            }
            catch (RuntimeException exception)
            {
                Report(payload, Messages.GuardTypesLost(exception.Message));
            }
        }
    }

    private static void RestoreProcess(GuardPayload payload)
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Except(payload.Environment.Keys).ToArray())
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        foreach ((string name, string value) in payload.Environment)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        try
        {
            Environment.CurrentDirectory = payload.WorkingDirectory;
        }
        catch (Exception)
        {
            // The directory was removed, or we may not enter it. The guard stays where it was started.
        }
    }

    /// <summary>Logs the non-terminating errors of an exit block, which have already been shown on standard error.</summary>
    private static void LogErrors(GuardPayload payload, Runspace runspace)
    {
        if (runspace.SessionStateProxy.GetVariable("Error") is ArrayList errors)
        {
            foreach (object error in errors.Cast<object>().Reverse())
            {
                GuardLog.Add(payload, error is ErrorRecord { InvocationInfo: { } at } record ? $"{record} {at.PositionMessage}" : error.ToString()!);
            }

            errors.Clear();
        }
    }

    /// <summary>Bypasses the shell's own host, which a hanging exit block may hold.</summary>
    private void Report(GuardPayload payload, string message)
    {
        GuardLog.Add(payload, message);
        _host.UI.WriteErrorLine(message);
    }
}
