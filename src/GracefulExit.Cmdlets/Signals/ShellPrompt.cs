using System.Management.Automation.Runspaces;
using GracefulExit.Scopes;

namespace GracefulExit.Signals;

/// <summary>
/// Holds a Ctrl+C back from the older handlers until the shell is at its prompt again, where pwsh's own has nothing to stop (row A7).
/// </summary>
/// <remarks>
/// Threads: signal threads wait; the shell's main thread, which raises <see cref="Runspace.AvailabilityChanged"/>, lets
/// them go and waits for them a moment, so that what the older handlers do is done before the next command.
/// </remarks>
internal static class ShellPrompt
{
    /// <summary>The runspace that a shell's prompt runs in is the first of the process.</summary>
    private const int MainRunspaceId = 1;

    /// <summary>Those of about_Pwsh with which the shell still comes to a prompt.</summary>
    private static readonly string[] PromptArguments =
        ["NoLogo", "NoProfile", "NoProfileLoadTime", "Interactive", "i", "Login", "l", "nol", "nop", "MTA", "STA"];

    private static readonly TimeSpan OlderHandlersTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Blocks the calling signal thread until then; for ever, if the shell never comes to its prompt.</summary>
    public static void WaitUntilReached(IEnumerable<ExitScope> scopes)
    {
        Runspace? main = scopes.Select(scope => scope.Runspace).FirstOrDefault(runspace => runspace.Id == MainRunspaceId);
        if (main is null || !HasPrompt())
        {
            // Scopes of background runspaces only, or a shell without a prompt: nothing of it may be stopped any more.
            Thread.Sleep(Timeout.Infinite);
            return;
        }

        ManualResetEventSlim atPrompt = new();
        Thread signalThread = Thread.CurrentThread;
        void OnAvailabilityChanged(object? sender, RunspaceAvailabilityEventArgs change)
        {
            // Raised on the shell's main thread. "Busy" with no script on the call stack: a pipeline begins that is nobody's
            // but the shell's, its prompt. "Available" does not tell: a nested pipeline's end makes the runspace available
            // while the script around it goes on.
            if (change.RunspaceAvailability == RunspaceAvailability.Busy && !atPrompt.IsSet && !main.Debugger.GetCallStack().Any())
            {
                atPrompt.Set();
                signalThread.Join(OlderHandlersTime);
            }
        }

        main.AvailabilityChanged += OnAvailabilityChanged;
        atPrompt.Wait();
        main.AvailabilityChanged -= OnAvailabilityChanged;
    }

    /// <summary>
    /// Whether this shell comes to a prompt at all. At the end of -File and -Command pwsh runs a pipeline that asks for $?,
    /// and would return 1 if that were stopped. When in doubt: no.
    /// </summary>
    private static bool HasPrompt()
    {
        string[] arguments = [.. Environment.GetCommandLineArgs().Skip(1).Select(argument => argument.TrimStart('-', '/'))];
        return !Console.IsInputRedirected
            && (arguments.Contains("NoExit", StringComparer.OrdinalIgnoreCase)
                || Array.TrueForAll(arguments, argument => PromptArguments.Contains(argument, StringComparer.OrdinalIgnoreCase)));
    }
}
