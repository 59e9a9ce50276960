using System.Management.Automation.Runspaces;
using GracefulExit.Platform;
using GracefulExit.Scopes;
using GracefulExit.Signals;

namespace GracefulExit.ProcessEnd;

/// <summary>
/// The end of the process while scopes are active (rows C4, C5), and the ends that the module itself brings about (C14).
/// </summary>
/// <remarks>
/// <para>
/// Threads: .NET raises <see cref="AppDomain.ProcessExit"/> on a thread that is not the one that called
/// <see cref="Environment.Exit"/>, which is blocked for good; <see cref="AppDomain.UnhandledException"/> on the thread
/// that crashes. Both wait here for the exit blocks, a bounded time.
/// </para>
/// <para>
/// No deadlock: nothing here waits for a signal handler, only for exit blocks; a body whose thread called Exit does not
/// unwind, so its scope is rescued.
/// </para>
/// </remarks>
internal static class ProcessExit
{
    /// <summary>How long a process that is ending waits for an exit block that has no <c>-ExitTimeoutSeconds</c>.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How often to look whether a background runspace's script has unwound: nothing announces it.</summary>
    private static readonly TimeSpan UnwindPoll = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a signal to ourselves may take.</summary>
    private static readonly TimeSpan DeliveryTime = TimeSpan.FromMilliseconds(500);

    private static int _isWatching;
    private static readonly ManualResetEventSlim Begun = new();
    private static volatile ExitScope? _unwinding;
    private static volatile bool _isAbandoning;
    private static Signal? _raise;
    private static int? _status;
    private static int? _abandonedStatus;

    /// <summary>Gets a value indicating whether the process is exiting.</summary>
    public static bool HasBegun => Begun.IsSet;

    /// <summary>Gets a value indicating whether the user has had enough: the process ends, and no signal is to give it another status.</summary>
    public static bool IsAbandoning => _isAbandoning;

    /// <summary>Subscribes to the end of the process, once: when the first scope begins.</summary>
    public static void Watch()
    {
        if (Interlocked.Exchange(ref _isWatching, 1) == 0)
        {
            AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
            AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        }
    }

    /// <summary>
    /// Ends the process from a thread of its own: <see cref="Environment.Exit"/> never returns to its caller, who may be
    /// needed to see another scope to its end.
    /// </summary>
    public static void Begin(int exitCode) =>
        new Thread(() => Environment.Exit(exitCode)) { IsBackground = true, Name = "GracefulExit.Exit" }.Start();

    /// <summary>Ends the process and does not wait for exit blocks that run: the user has pressed Ctrl+C three times (row C7).</summary>
    public static void Abandon(int exitCode)
    {
        _abandonedStatus = OperatingSystem.IsWindows() ? null : exitCode;
        _isAbandoning = true;
        Begin(exitCode);
    }

    /// <summary>Asks the shell to end with the status of a signal, once its script has unwound.</summary>
    /// <param name="scope">The scope that the signal has ended.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="raise">Whether the last thing the process does is to raise the signal with its default effect.</param>
    public static void RequestFromShell(ExitScope scope, Signal signal, bool raise)
    {
        if (raise && !OperatingSystem.IsWindows())
        {
            _raise = signal;
        }

        if (scope.Runspace.Id == ShellPrompt.MainRunspaceId && !signal.IsConsoleBreak)
        {
            scope.Caller.Host.SetShouldExit(signal.ExitCode);
            return;
        }

        // The host of a background runspace has no session to end. And on Ctrl+C pwsh's own handler, which runs too, would
        // close a session that is to end while its last pipelines run, and crash. Nobody may give the process another
        // status from here on, so its end begins now; it then waits for this script's finally blocks.
        _status = OperatingSystem.IsWindows() ? null : signal.ExitCode;
        _unwinding = scope;
        Begin(signal.ExitCode);
        Begun.Wait(DefaultTimeout);
    }

    private static void WaitForUnwinding()
    {
        long start = Environment.TickCount64;
        while (_unwinding is { } scope
            && HasScript(scope.Runspace)
            && Environment.TickCount64 - start < (DefaultTimeout + scope.Options.StopTimeout).TotalMilliseconds)
        {
            Thread.Sleep(UnwindPoll);
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
            // Read from another thread, the list may change meanwhile: something still runs.
            return true;
        }
    }

    private static void OnProcessExit(object? sender, EventArgs e)
    {
        RunExitBlocks(new ExitRequest(ExitReason.ProcessExit, null, Environment.ExitCode));
        WaitForUnwinding();
        if (_isAbandoning)
        {
            // Whatever -AfterSignal of the scopes that were given up asks for: row C7.
            _status = _abandonedStatus ?? _status;
        }
        else if (_raise is { } signal)
        {
            // With its default disposition the signal ends the process here; signal(7). PID 1 of a namespace is exempt
            // (pid_namespaces(7)) and ends with the status instead.
            LibC.ResetDisposition(signal.Number);
            LibC.Kill(Environment.ProcessId, signal.Number);

            // It may be delivered to another thread, a moment later.
            Thread.Sleep(DeliveryTime);
        }

        if (_status is { } status)
        {
            // The shell's main thread has meanwhile come to the end of its program and has left a status of its own.
            LibC.EndProcess(status);
        }
    }

    /// <summary>128 + SIGABRT: how a crashed .NET process ends, as a shell tells it.</summary>
    private static void OnUnhandledException(object sender, UnhandledExceptionEventArgs e) =>
        RunExitBlocks(new ExitRequest(ExitReason.Crash, null, 128 + 6));

    private static void RunExitBlocks(ExitRequest request)
    {
        Begun.Set();
        ScopeRegistry registry = ScopeRegistry.Process;
        ExitScope[] active = registry.Close();
        if (active.Length == 0)
        {
            return;
        }

        if (_isAbandoning)
        {
            // What runs is given up; what has not begun, or just so, runs and does not wait for what was given up.
            foreach (ExitScope scope in active.Where(scope => scope.State == ExitScopeState.Exiting && scope.TimeUntilAbandonable <= TimeSpan.Zero))
            {
                registry.End(scope);
            }
        }

        registry.Unwind(ScopeRegistry.RequestExit(active, request));
        Array.ForEach(active, scope => scope.EndDrain());
        SystemdNotifier.NotifyStopping();
        foreach (ExitScope scope in active)
        {
            TimeSpan perBlock = scope.Options.ExitTimeout > TimeSpan.Zero ? scope.Options.ExitTimeout : DefaultTimeout;
            if (!scope.WaitCompleted((perBlock * Math.Max(1, scope.Options.ExitBlocks.Length)) + scope.Options.StopTimeout))
            {
                // Given up: its exit block hangs, or has itself called Environment.Exit. The scope around it has its turn.
                registry.End(scope);
            }
        }
    }
}
