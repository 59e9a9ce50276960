using System.Management.Automation.Runspaces;
using GracefulExit.Native;
using GracefulExit.Signals;

namespace GracefulExit.Handlers;

/// <summary>
/// A shell that waits at its prompt when its terminal is closed: its reads and writes fail, and it ends the process by
/// FailFast, often before SIGHUP has been handled, so that no handler would run (row F5). So the failure itself counts as
/// SIGHUP, and the thread that failed waits for the end of the process.
/// </summary>
/// <remarks>
/// Threads: <see cref="OnFirstChance"/> on the thread that throws, before anything is unwound. That thread holds no lock of ours.
/// </remarks>
/// <param name="signalled">Takes the SIGHUP.</param>
/// <param name="isIdle">Whether the shell waits at its prompt. In a script the failure is an ordinary error.</param>
/// <param name="timeToRun">How long the end of the process may take.</param>
internal sealed class ClosedTerminal(SignalledEnd signalled, Func<bool> isIdle, Func<TimeSpan> timeToRun)
{
    [ThreadStatic]
    private static bool _isLooking;

    private int _isWatching;

    /// <summary>Begins to watch, once. Only a shell with a prompt on Unix needs it.</summary>
    public void Watch()
    {
        if (ShellKind.HasPrompt && !OperatingSystem.IsWindows() && Interlocked.Exchange(ref _isWatching, 1) == 0)
        {
            AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => OnFirstChance(thrown.Exception);
        }
    }

    /// <summary>Whether this thread is not one of the shell's own, but a job's, a handler's runspace's or the pool's.</summary>
    private static bool IsOther() => Thread.CurrentThread.IsThreadPoolThread || Runspace.DefaultRunspace is { Id: not ShellKind.MainRunspaceId };

    private void OnFirstChance(Exception exception)
    {
        // .NET throws this for reading a key from a closed terminal.
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
            // Ignore it, whatever it is: the shell's own exception follows.
        }
        finally
        {
            _isLooking = false;
        }
    }
}
