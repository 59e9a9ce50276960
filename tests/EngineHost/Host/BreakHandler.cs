namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>
/// Ctrl+C and SIGQUIT. Exactly pwsh's registrations: one <see cref="Console.CancelKeyPress"/> subscription, made
/// before any script runs, and nothing for SIGTERM and SIGHUP, whose default effect stays.
/// </summary>
internal sealed class BreakHandler(ShellSession session)
{
    private readonly Lock _lock = new();
    private Thread? _thread;

    /// <summary>Subscribes for the rest of the process.</summary>
    public void Install() => Console.CancelKeyPress += OnCancelKeyPress;

    /// <summary>Waits until a stop that is under way has done its work.</summary>
    public void WaitForStop()
    {
        Thread? thread;
        lock (_lock)
        {
            thread = _thread;
        }

        thread?.Join();
    }

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs args)
    {
        args.Cancel = true;
        if (args.SpecialKey == ConsoleSpecialKey.ControlC)
        {
            StartStop(endSession: false);
        }
        else if (session.NonInteractive)
        {
            StartStop(endSession: true);
        }
        else
        {
            session.BreakIntoDebugger();
        }
    }

    // On a thread of its own: the stop may block, and the next signal must get through nevertheless.
    private void StartStop(bool endSession)
    {
        lock (_lock)
        {
            if (endSession)
            {
                session.ShouldEnd = true;
            }

            if (_thread is null)
            {
                _thread = new Thread(Stop) { Name = "EngineHost stop" };
                _thread.Start();
            }
        }
    }

    private void Stop()
    {
        session.StopRunning();
        if (session.ShouldEnd)
        {
            session.CloseRunspace();
        }

        lock (_lock)
        {
            _thread = null;
        }
    }
}
