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

    private static readonly TimeSpan OlderHandlersTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Blocks the calling signal thread until then; for ever, if the shell never comes to its prompt.</summary>
    public static void WaitUntilReached(IEnumerable<ExitScope> scopes)
    {
        Runspace? main = scopes.Select(scope => scope.Runspace).FirstOrDefault(runspace => runspace.Id == MainRunspaceId);
        if (main is null)
        {
            // Scopes of background runspaces only: nothing tells when the shell's own is done with its command.
            Thread.Sleep(Timeout.Infinite);
            return;
        }

        ManualResetEventSlim atPrompt = new();
        Thread signalThread = Thread.CurrentThread;
        void OnAvailabilityChanged(object? sender, RunspaceAvailabilityEventArgs change)
        {
            // Raised on the shell's main thread. "Busy" with no script on the call stack: a pipeline begins that is nobody's
            // but the shell's, its prompt. "Available" does not tell: a nested pipeline's end makes the runspace available
            // while the script around it goes on, and so does the end of the script of pwsh -File, which has no prompt.
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
}
