using System.Management.Automation;
using System.Text.RegularExpressions;
using GracefulExit.Blocks;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Scopes;

namespace GracefulExit.Rehearsal;

/// <summary>
/// Compiles on a second thread what the first call in a process is about to need, while the engine still binds its
/// parameters: on a machine with more than one processor the call is over sooner.
/// </summary>
/// <remarks>
/// Threads: one of its own, with which the caller's shares nothing but .NET's own locks: whichever comes to a method first
/// compiles it. Nothing is called but .NET's regular expressions and timer.
/// </remarks>
internal static class FirstCall
{
    public static void Prepare()
    {
        if (Environment.ProcessorCount == 1)
        {
            return;
        }

        try
        {
            new Thread(TryRun) { IsBackground = true, Name = "GracefulExit.FirstCall" }.Start();
        }
        catch (OutOfMemoryException)
        {
            // The system has no thread to give, or no file: the call compiles it itself. An exception would spoil the
            // command for as long as the process lives, since a type is initialized once.
        }
    }

    /// <summary>Goes through it on the calling thread. Throws what went wrong.</summary>
    public static void Run()
    {
        // ScriptBlock.GetSteppablePipeline asks this of its caller's text (MiscOps.cs of PowerShell 7.6), and .NET
        // compiles its cache of expressions for the first one: 4 ms.
        _ = Regex.IsMatch(string.Empty, nameof(ScriptBlock.GetSteppablePipeline), RegexOptions.IgnoreCase);

        // In the order in which the call comes to it; what it needs before that has been compiled by now.
        JustInTime.Compile(typeof(NestedPipeline));
        JustInTime.Compile(typeof(NestedWorkCommand));
        JustInTime.Compile(typeof(ScopeMachine));
        JustInTime.Compile(typeof(ScopeRunner), "RunBodyAndExit", "RunBody", "Claim", "Conclude", "EndingSignal", "RunBlocks", "WriteFailures", "Close");
        JustInTime.Compile(typeof(Scope), "TryEnterBody", "ClaimExit", "Describe", "Change", "Apply");
        JustInTime.Compile(typeof(ExitBlockRun), "Run", "TryTake", "TryEnd");
        JustInTime.Compile(typeof(OutputGuardCommand));
        JustInTime.Compile(typeof(ScopeRegistry), nameof(ScopeRegistry.Remove));
        JustInTime.Compile(typeof(CallerVariable), nameof(CallerVariable.Restore));
    }

    private static void TryRun()
    {
        try
        {
            Run();
        }
        catch (Exception)
        {
            // The call then compiles it itself, and reports what is wrong.
        }
    }
}
