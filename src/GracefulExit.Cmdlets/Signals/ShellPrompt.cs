using System.Management.Automation.Runspaces;
using GracefulExit.Scopes;

namespace GracefulExit.Signals;

/// <summary>
/// Holds a Ctrl+C back from the older handlers until the shell is at its prompt again, where pwsh's own has nothing to stop (row A7).
/// </summary>
/// <remarks>
/// Threads: one signal thread makes it, waits and disposes of it; the shell's main thread, which raises
/// <see cref="Runspace.AvailabilityChanged"/>, lets it go and waits for it a moment, so that what the older handlers do is
/// done before the next command.
/// </remarks>
internal sealed class ShellPrompt : IDisposable
{
    /// <summary>The runspace that a shell's prompt runs in is the first of the process.</summary>
    public const int MainRunspaceId = 1;

    /// <summary>Those of about_Pwsh with which the shell still comes to a prompt.</summary>
    private static readonly string[] PromptArguments =
        ["NoLogo", "NoProfile", "NoProfileLoadTime", "Interactive", "i", "Login", "l", "nol", "nop", "MTA", "STA"];

    private static readonly TimeSpan OlderHandlersTime = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _isReached = new();
    private readonly Thread _signalThread = Thread.CurrentThread;
    private readonly IReadOnlyList<ExitScope> _scopes;

    // Null: scopes of background runspaces only, or a shell without a prompt. It is never reached: nothing of such a shell
    // may be stopped any more.
    private readonly Runspace? _main;

    /// <summary>
    /// Begins to look, while the scopes still run: the shell may be at its prompt, and not say so again before the next
    /// command begins, by the time the signal's thread knows that they have ended.
    /// </summary>
    /// <param name="scopes">The scopes that the signal ends, at the end of which the shell goes on.</param>
    public ShellPrompt(IReadOnlyList<ExitScope> scopes)
    {
        _scopes = scopes;
        _main = HasPrompt() ? scopes.Select(scope => scope.Runspace).FirstOrDefault(runspace => runspace.Id == MainRunspaceId) : null;
        _main?.AvailabilityChanged += OnAvailabilityChanged;
    }

    /// <summary>Blocks the calling signal thread until the scopes have ended and the prompt is reached; for ever, if it never is.</summary>
    public void WaitUntilReached() => _isReached.Wait();

    public void Dispose() => _main?.AvailabilityChanged -= OnAvailabilityChanged;

    /// <summary>
    /// Raised on the shell's main thread. "Busy" with no script on the call stack: a pipeline begins that is nobody's but the
    /// shell's, its prompt. "Available" does not tell: a nested pipeline's end makes the runspace available while the script
    /// around it goes on.
    /// </summary>
    private void OnAvailabilityChanged(object? sender, RunspaceAvailabilityEventArgs change)
    {
        if (change.RunspaceAvailability == RunspaceAvailability.Busy
            && !_isReached.IsSet
            && _scopes.All(scope => scope.State == ExitScopeState.Completed)
            && !_main!.Debugger.GetCallStack().Any())
        {
            _isReached.Set();
            _signalThread.Join(OlderHandlersTime);
        }
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
