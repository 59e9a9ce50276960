using System.Management.Automation.Runspaces;
using GracefulExit.Native;
using GracefulExit.Signals;

namespace GracefulExit.Handlers;

/// <summary>
/// A shell that waits at its prompt and finds its terminal closed: what it reads or writes fails, and it ends the process by
/// FailFast, often before the SIGHUP has been looked at, so that no handler would run (row F5). The failure itself counts as
/// SIGHUP, and its thread waits for the end of the process.
/// </summary>
/// <remarks>
/// Threads: <see cref="OnFirstChance"/> on whichever thread throws, before anything is unwound. It holds no lock of ours there.
/// </remarks>
/// <param name="signalled">Takes the SIGHUP.</param>
/// <param name="isIdle">Whether the shell waits at its prompt. In a script the failure is an error like any other.</param>
/// <param name="timeToRun">How long the end of the process may take.</param>
internal sealed class ClosedTerminal(SignalledEnd signalled, Func<bool> isIdle, Func<TimeSpan> timeToRun)
{
    [ThreadStatic]
    private static bool _isLooking;

    private int _isWatching;

    /// <summary>Begins to watch, once; only a shell with a prompt on Unix has it.</summary>
    public void Watch()
    {
        if (ShellKind.HasPrompt && !OperatingSystem.IsWindows() && Interlocked.Exchange(ref _isWatching, 1) == 0)
        {
            AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => OnFirstChance(thrown.Exception);
        }
    }

    /// <summary>Whether this thread is none of the shell's own: a job's, a handler's own runspace's, the pool's.</summary>
    private static bool IsOther() => Thread.CurrentThread.IsThreadPoolThread || Runspace.DefaultRunspace is { Id: not ShellKind.MainRunspaceId };

    private void OnFirstChance(Exception exception)
    {
        // Reading a key from a closed terminal is an invalid operation for .NET.
        if (_isLooking || (exception.GetType() != typeof(IOException) && exception.GetType() != typeof(InvalidOperationException)) || IsOther())
        {
            return;
        }

        _isLooking = true;
        try
        {
            bool isGone = signalled.HasHungUp || LibC.IsHungUpTerminal(0) || LibC.IsHungUpTerminal(1);
            if (isGone && isIdle() && signalled.TryTake(Signal.HangUp, isKey: false))
            {
                Thread.Sleep(timeToRun());
            }
        }
        catch (Exception)
        {
            // Whatever it is: the shell meets its own exception next.
        }
        finally
        {
            _isLooking = false;
        }
    }
}
