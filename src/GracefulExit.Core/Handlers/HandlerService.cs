using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Native;
using GracefulExit.ProcessEnd;
using GracefulExit.Signals;
using GracefulExit.Supervision;

namespace GracefulExit.Handlers;

/// <summary>The registered handlers of a process, and what runs them. A process that registers none has no such object.</summary>
/// <remarks>Threads: any; each part documents its own.</remarks>
internal sealed class HandlerService
{
    private readonly Supervisor _supervisor;
    private readonly ISignalSource _signals;
    private readonly EndOfProcess _end;
    private readonly Func<int> _nextId;
    private readonly HandlerRunner _runner;
    private readonly SessionEnd _sessionEnd;
    private readonly ClosedTerminal _closedTerminal;
    private int _isFinishing;

    public HandlerService(
        Supervisor supervisor, ISignalSource signals, EndOfProcess end, Func<int> nextId, Action abandon, Action<TimeSpan> notifyStopping)
    {
        _supervisor = supervisor;
        _signals = signals;
        _end = end;
        _nextId = nextId;
        Signalled = new SignalledEnd(Registry, supervisor, signals, end, abandon, notifyStopping);
        _runner = new HandlerRunner(Registry, end, signals.Release);
        _sessionEnd = new SessionEnd(Registry, _runner, Signalled, end, signals);
        _closedTerminal = new ClosedTerminal(Signalled, Signalled.IsShellIdle, Signalled.TimeToEnd);
    }

    public HandlerRegistry Registry { get; } = new();

    public SignalledEnd Signalled { get; }

    /// <summary>Registers a handler for the calling runspace. Pipeline thread.</summary>
    /// <exception cref="PipelineStoppedException">The process has run its handlers and is about to end.</exception>
    /// <exception cref="Guard.GuardFailedException">There is no guard; nothing is registered.</exception>
    public RegisteredHandler Register(PSCmdlet cmdlet, HandlerOptions options)
    {
        CallerSession caller = new(cmdlet.SessionState, cmdlet.Host);
        _sessionEnd.Watch(cmdlet);
        _closedTerminal.Watch();
        RegisteredHandler handler = new(_nextId(), options, caller, Runspace.DefaultRunspace, _supervisor, _runner.GiveUp);
        _signals.Acquire(options.Signals);
        try
        {
            handler.Guard?.Begin(cmdlet, handler.Blocks.Waiting, handler.Runspace, isVerbose: false);
            Registry.Add(handler);
            return handler;
        }
        catch
        {
            // Nothing is half registered.
            _signals.Release(options.Signals);
            handler.Guard?.Release();
            throw;
        }
    }

    /// <summary>Takes out a handler that has not begun.</summary>
    /// <returns>False: there is no such handler.</returns>
    public bool TryUnregister(int id)
    {
        if (Registry.Remove(id) is not { } handler)
        {
            return false;
        }

        handler.Release();
        _signals.Release(handler.Options.Signals);
        return true;
    }

    /// <summary>What Get-ExitHandler returns, in the order in which they would run.</summary>
    public IEnumerable<ExitHandlerInfo> Inform() => Registry.Snapshot().Select(static handler => handler.Inform());

    /// <summary>
    /// The shell's script has ended, but the shell itself can't finish, as after its window was closed on Windows: runs now what
    /// would run at the shell's end. Takes bounded time.
    /// </summary>
    /// <returns>False: this method ends the process.</returns>
    public bool TryFinishSession()
    {
        if (Signalled.DrivenBy is { } signal)
        {
            if (Interlocked.Exchange(ref _isFinishing, 1) == 0)
            {
                _end.Begin(signal.ExitCode);
            }

            return false;
        }

        if (Registry.Waiting().Length > 0 || Registry.Running().Length > 0)
        {
            _runner.RunRest(_sessionEnd.Explain());
        }

        return true;
    }

    /// <summary>The user has abandoned the handlers that run while the process is exiting. Any thread.</summary>
    public void GiveUpRunning() => _runner.GiveUpRunning();

    /// <summary>The process is exiting: runs the handlers that have not run and waits for them, for a bounded time.</summary>
    /// <remarks>
    /// PSReadLine reads keys on a thread of its own. Once the terminal is closed, that read fails and the process crashes, often
    /// before SIGHUP has been handled. Then the closed terminal is the reason, and the process ends as by SIGHUP (row F5).
    /// </remarks>
    public void RunRest(ExitRequest request)
    {
        bool isCrash = request.Reason == ExitReason.Crash;
        if (isCrash && Registry.Listening(Signal.HangUp) is [var newest, ..] && (HungUpTerminal.Replace() || Signalled.HasHungUp))
        {
            Signalled.NoteHangUp(newest);
        }

        _runner.RunRest(Signalled.Ending ?? new SessionEnding(request));
        Signalled.RunOlderHandlers();
        if (isCrash && Signalled.DrivenBy is { } signal)
        {
            _end.Finish(signal.ExitCode);
        }
    }
}
