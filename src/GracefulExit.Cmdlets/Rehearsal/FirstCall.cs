using System.Management.Automation;
using System.Text.RegularExpressions;
using GracefulExit.Pipelines;
using GracefulExit.Scopes;
using GracefulExit.Signals;

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
        if (Environment.ProcessorCount > 1)
        {
            new Thread(TryRun) { IsBackground = true, Name = "GracefulExit.FirstCall" }.Start();
        }
    }

    /// <summary>Goes through it on the calling thread. Throws what went wrong.</summary>
    public static void Run()
    {
        // ScriptBlock.GetSteppablePipeline asks this of its caller's text (MiscOps.cs of PowerShell 7.6), and .NET
        // compiles its cache of expressions for the first one: 4 ms.
        _ = Regex.IsMatch(string.Empty, nameof(ScriptBlock.GetSteppablePipeline), RegexOptions.IgnoreCase);

        // In the order in which the call comes to it; what it needs before has been overtaken by now.
        JustInTime.Compile(typeof(SteppablePosition));
        JustInTime.Compile(typeof(NestedPipeline));
        JustInTime.Compile(typeof(NestedWorkCommand));
        JustInTime.Compile(typeof(ScopeRunner), "RunBodyAndExit", "RunBody", "ClaimExit", "Conclude", "EndingSignal");
        new Timer(static _ => { }).Dispose();
        JustInTime.Compile(typeof(ExitScope), "TryEnterBody", "ClaimExit", "Describe", "BeginExitBlock", "LeaveBody", "Complete");
        JustInTime.Compile(typeof(ExitBlocks), "Run", "RunNext", "WriteFailures", "ThrowFailures", "Dispose");
        JustInTime.Compile(typeof(OutputGuardCommand));
        JustInTime.Compile(typeof(ScopeRegistry), nameof(ScopeRegistry.End));
        JustInTime.Compile(typeof(SignalDispatcher), nameof(SignalDispatcher.Release));
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
            // Then the call compiles it itself, and says what is wrong, if anything is.
        }
    }
}
