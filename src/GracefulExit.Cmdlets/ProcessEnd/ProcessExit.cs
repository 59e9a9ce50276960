using GracefulExit.Platform;
using GracefulExit.Scopes;

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
    /// <summary>How long a process that is ending waits for an exit block that has no <c>-TimeoutSeconds</c>.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private static int _isWatching;
    private static volatile bool _isAbandoning;
    private static Signal? _raise;

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
        _isAbandoning = true;
        Begin(exitCode);
    }

    /// <summary>Asks the shell to end with the status of a signal, once its script has unwound.</summary>
    /// <param name="caller">The caller's session.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="raise">Whether the last thing the process does is to raise the signal with its default effect.</param>
    public static void RequestFromShell(CallerSession caller, Signal signal, bool raise)
    {
        if (raise && !OperatingSystem.IsWindows())
        {
            _raise = signal;
        }

        try
        {
            caller.Host.SetShouldExit(signal.ExitCode);
        }
        catch (Exception)
        {
            // A host without a session to end, such as a hosted runspace's.
            Begin(signal.ExitCode);
        }
    }

    private static void OnProcessExit(object? sender, EventArgs e)
    {
        RunExitBlocks(new ExitRequest(ExitReason.ProcessExit, null, Environment.ExitCode));
        if (_raise is { } signal)
        {
            // With its default disposition the signal ends the process here; signal(7). PID 1 of a namespace is exempt
            // (pid_namespaces(7)) and ends with the status instead.
            LibC.ResetDisposition(signal.Number);
            LibC.Kill(Environment.ProcessId, signal.Number);
        }
    }

    /// <summary>128 + SIGABRT: how a crashed .NET process ends, as a shell tells it.</summary>
    private static void OnUnhandledException(object sender, UnhandledExceptionEventArgs e) =>
        RunExitBlocks(new ExitRequest(ExitReason.Crash, null, 128 + 6));

    private static void RunExitBlocks(ExitRequest request)
    {
        ScopeRegistry registry = ScopeRegistry.Process;
        ExitScope[] active = registry.Snapshot();
        if (active.Length == 0)
        {
            return;
        }

        registry.Unwind(ScopeRegistry.RequestExit(active, request));
        SystemdNotifier.NotifyStopping();
        foreach (ExitScope scope in active)
        {
            if (_isAbandoning && scope.State == ExitScopeState.Exiting)
            {
                continue;
            }

            TimeSpan timeout = scope.Options.ExitTimeout > TimeSpan.Zero ? scope.Options.ExitTimeout : DefaultTimeout;
            scope.WaitCompleted(timeout + scope.Options.StopTimeout);
        }
    }
}
