using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using GracefulExit.Core;
using GracefulExit.Native;
using GracefulExit.Supervision;

namespace GracefulExit.ProcessEnd;

/// <summary>
/// The end of the process: notices it, runs the exit blocks (rows C4, C5), and ends the process where the module has to (C14).
/// </summary>
/// <remarks>
/// <para>
/// Threads: .NET raises <see cref="AppDomain.ProcessExit"/> on another thread than the one that called
/// <see cref="Environment.Exit"/>, which is blocked from then on; and <see cref="AppDomain.UnhandledException"/> on the thread
/// that crashes. Both wait for the exit blocks, for a bounded time. The rest may be called on any thread and returns at once.
/// </para>
/// <para>
/// No deadlock: nothing here waits for a signal, only for exit blocks. A body whose thread called Exit does not unwind, so its
/// scope is rescued.
/// </para>
/// </remarks>
/// <param name="runExitBlocks">Runs the exit blocks of all scopes and returns when they have run, in bounded time.</param>
/// <param name="runHandlers">The same for the registered handlers.</param>
/// <param name="giveUpRunning">Gives up what runs of both, so that those two go on.</param>
internal sealed class EndOfProcess(Action<ExitRequest> runExitBlocks, Action<ExitRequest> runHandlers, Action giveUpRunning)
{
    /// <summary>How often to check whether a script has unwound: no event announces it.</summary>
    private static readonly TimeSpan UnwindPoll = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a signal to this process itself may take.</summary>
    private static readonly TimeSpan DeliveryTime = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the end of the process may take to begin.</summary>
    private static readonly TimeSpan BeginTime = TimeSpan.FromSeconds(5);

    private readonly Latch _begun = new();
    private readonly TerminalSettings? _terminal = TerminalSettings.TryRead();
    private int _isWatching;
    private volatile bool _isAbandoned;
    private volatile bool _isShellEnding;
    private UnwindingScript? _unwinding;
    private Signal? _raise;
    private int? _status;

    /// <summary>Gets a value indicating whether the process is exiting.</summary>
    public bool HasBegun => _begun.IsSet;

    /// <summary>Gets a value indicating whether the user has abandoned the exit blocks: the process is ending, and no signal may change its status.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>
    /// Gets a value indicating whether the shell has been told to end. Its own Ctrl+C handler must then not run any more: it would
    /// close the session while the script unwinds and exit blocks run in it, and the engine would abort the process.
    /// </summary>
    public bool IsShellEnding => _isShellEnding;

    /// <summary>Tells the shell to end with this status once its script has unwound.</summary>
    public void EndShell(PSHost host, int status)
    {
        _isShellEnding = true;
        host.SetShouldExit(status);
    }

    /// <summary>Subscribes to the end of the process. Called once, when the first scope begins.</summary>
    public void Watch()
    {
        if (Interlocked.Exchange(ref _isWatching, 1) == 0)
        {
            AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
            AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        }
    }

    /// <summary>Begins to end the process. The first status counts.</summary>
    public void Begin(int status)
    {
        if (_begun.IsSet)
        {
            return;
        }

        _status ??= status;
        Exit(status);
    }

    /// <summary>Ends the process without waiting for running exit blocks: the user has pressed Ctrl+C three times (row C7).</summary>
    public void Abandon(int status)
    {
        _isAbandoned = true;
        _raise = null;
        _status = status;

        // Whoever begins the end of the process looks at _isAbandoned after _begun: one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (_begun.IsSet)
        {
            // .NET would hold a second Environment.Exit for ever.
            giveUpRunning();
            return;
        }

        Exit(status);
    }

    /// <summary>Makes the process end by this signal: raised as its last action, with the default effect. Unix only.</summary>
    public void RaiseAtEnd(Signal signal)
    {
        if (!OperatingSystem.IsWindows() && !_isAbandoned)
        {
            _raise = signal;
        }
    }

    /// <summary>
    /// Begins to end the process, and makes the end wait for the <c>finally</c> blocks of a script. Returns once the end has begun.
    /// </summary>
    /// <param name="status">The status of the process.</param>
    /// <param name="runspace">Where the script runs.</param>
    /// <param name="limit">How long to wait for it.</param>
    public void BeginAfterScript(int status, Runspace runspace, TimeSpan limit)
    {
        _unwinding = new UnwindingScript(runspace, limit);
        Begin(status);
        _begun.Wait(BeginTime);
    }

    /// <summary>The last step. Returns if the runtime sets the status of the process.</summary>
    public void Finish(int? status)
    {
        _terminal?.Restore();
        if (_raise is { } signal)
        {
            // With its default disposition the signal ends the process here; signal(7). PID 1 of a namespace is exempt
            // (pid_namespaces(7)) and exits with the status instead.
            LibC.ResetDisposition(signal.Number);
            LibC.Kill(Environment.ProcessId, signal.Number);

            // The signal may be delivered to another thread, a moment later.
            Thread.Sleep(DeliveryTime);
        }

        if (status is { } given)
        {
            // The shell's main thread has reached the end of its program meanwhile and has set its own status.
            CurrentProcess.End(given);
        }
    }

    private void Exit(int status)
    {
        // On a separate thread: Environment.Exit never returns, and the caller may be needed for another scope.
        try
        {
            new Thread(() => Environment.Exit(status)) { IsBackground = true, Name = "GracefulExit.Exit" }.Start();
        }
        catch (OutOfMemoryException)
        {
            // The system refused a thread. Do what Environment.Exit would do, as far as it concerns this module.
            OnProcessExit(this, EventArgs.Empty);
        }
    }

    private static bool HasScript(Runspace runspace)
    {
        try
        {
            return runspace.RunspaceStateInfo.State == RunspaceState.Opened && runspace.Debugger.GetCallStack().Any();
        }
        catch (InvalidOperationException)
        {
            // The list changed while it was read from another thread: something is still running.
            return true;
        }
    }

    private void WaitForUnwinding()
    {
        long start = Environment.TickCount64;
        while (_unwinding is { } script
            && HasScript(script.Runspace)
            && Environment.TickCount64 - start < script.Limit.TotalMilliseconds)
        {
            Thread.Sleep(UnwindPoll);
        }
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        _begun.Set();
        ExitRequest request = new(ExitReason.ProcessExit, null, _status ?? Environment.ExitCode);
        runExitBlocks(request);
        WaitForUnwinding();
        runHandlers(request);
        Finish(_status);
    }

    /// <summary>128 + SIGABRT: the status that a shell shows for a crashed .NET process.</summary>
    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs e)
    {
        _begun.Set();
        ExitRequest request = new(ExitReason.Crash, null, 128 + 6);
        runExitBlocks(request);
        runHandlers(request);
    }

    private sealed record UnwindingScript(Runspace Runspace, TimeSpan Limit);
}
