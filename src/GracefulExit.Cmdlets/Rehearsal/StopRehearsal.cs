using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Engine;
using GracefulExit.Core;
using GracefulExit.ProcessEnd;
using GracefulExit.Scopes;
using GracefulExit.Signals;

namespace GracefulExit.Rehearsal;

/// <summary>
/// Goes through the end of a scope and of one within it by a signal once, in the background, in a runspace and with a registry
/// of its own: what .NET and the engine do for the first time in a process (the first exception, the first stop, compiling)
/// takes them some 20 ms, which the first real signal then need not wait for. .NET does some of it at the second time only
/// (it compiles what it has called by reflection before), so that two scopes serve one as well.
/// </summary>
/// <remarks>
/// <para>
/// Threads: <see cref="Schedule"/> and the disposal of what it returns on pipeline threads, the clock on the supervisor's, the
/// rehearsal on one thread of its own and its signal on another.
/// </para>
/// <para>
/// It is the real path, not a copy of it, with three things missing: nothing is registered with the operating system, no
/// supervisor is told, and the scopes stand in no list that anybody else looks at. It can't end the process: its registry is
/// never closed and its bodies have no limit of time.
/// </para>
/// </remarks>
internal sealed class StopRehearsal
{
    /// <summary>Bodies that are shorter than this pay nothing.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private static int _isScheduled;

    private readonly ExitRuntime _runtime;
    private readonly ManualResetEventSlim _inBody = new();
    private readonly ManualResetEventSlim _stopped = new();
    private Func<Signal, bool>? _take;
    private ScopeRunner? _runner;
    private ScopeRunner? _innerRunner;

    private StopRehearsal() => _runtime = ExitRuntime.ForRehearsal(take =>
    {
        _take = take;
        return new NoSignals();
    });

    /// <summary>A body begins: if it runs for longer than <see cref="Delay"/> the rehearsal starts, the first time in the process.</summary>
    /// <returns>To be disposed when the body has ended; null if there is nothing to rehearse any more.</returns>
    public static IDisposable? Schedule() =>
        Volatile.Read(ref _isScheduled) == 0 ? ExitRuntime.Current.Supervisor.Schedule(Delay, Start) : null;

    /// <summary>Goes through it on the calling thread. Throws what went wrong.</summary>
    public static void Run() => new StopRehearsal().RunInRunspace();

    private static void Start()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) != 0)
        {
            return;
        }

        try
        {
            new Thread(TryRun) { IsBackground = true, Name = "GracefulExit.StopRehearsal", Priority = ThreadPriority.Lowest }.Start();
        }
        catch (OutOfMemoryException)
        {
            // No thread to be had. Then the first signal takes its 20 ms.
        }
    }

    private static void TryRun()
    {
        try
        {
            Run();
            DeliveryRehearsal.Run();

            // Not called: a supervisor would take it for a notice.
            JustInTime.Compile(typeof(SystemdNotifier), nameof(SystemdNotifier.NotifyStopping));
        }
        catch (Exception)
        {
            // Then the first signal takes its 20 ms. A host may have its reasons not to let a runspace be opened.
        }
    }

    private void RunInRunspace()
    {
        InitialSessionState initial = InitialSessionState.Create();
        initial.LanguageMode = PSLanguageMode.FullLanguage;
        using Runspace runspace = RunspaceFactory.CreateRunspace(initial);
        runspace.Name = "GracefulExit rehearsal";
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        new Thread(SendSignal) { IsBackground = true, Name = "GracefulExit.StopRehearsal.Signal" }.Start();

        using PowerShell shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddCommand(NestedWorkCommand.Info)
            .AddParameter(nameof(NestedWorkCommand.Work), (Action<PSCmdlet>)RunScope)
            .AddParameter(nameof(NestedWorkCommand.OnStop), (Action)(() => _runner?.OnStopProcessing()));
        shell.Invoke();
    }

    /// <summary>In the place of Use-ExitHandler, which runs another one.</summary>
    private void RunScope(PSCmdlet outer)
    {
        _runner = new ScopeRunner(outer, Options(RunInnerScope, () => _innerRunner?.OnStopProcessing()), _runtime);
        _runner.Run();
    }

    private void RunInnerScope(PSCmdlet outer)
    {
        _innerRunner = new ScopeRunner(outer, Options(_ => WaitStopped(), _stopped.Set), _runtime);
        _innerRunner.Run();
    }

    /// <summary>The body waits in a cmdlet, as one in Start-Sleep does.</summary>
    private static ScopeOptions Options(Action<PSCmdlet> work, Action onStop) => new()
    {
        Body = ScriptBlock.Create("& $args[0] -Work $args[1] -OnStop $args[2]"),
        Arguments = [NestedWorkCommand.Info, work, onStop],
        ExitBlocks = [ScriptBlock.Create("$null = $_.Signal; 1")],
        Append = true,
        Signals = [Signal.Terminate],
        StopTimeout = TimeSpan.FromDays(1),
        StartedFrom = new ScriptPosition(string.Empty, 0),
    };

    private void WaitStopped()
    {
        _inBody.Set();
        _stopped.Wait();
    }

    private void SendSignal()
    {
        // The runspace may have closed without a body.
        if (_inBody.Wait(TimeSpan.FromSeconds(10)))
        {
            _ = _take!(Signal.Terminate);
        }
    }

    /// <summary>In the place of the operating system.</summary>
    private sealed class NoSignals : ISignalSource
    {
        public bool HasOlderHandlers => false;

        public bool MayShellEnd => true;

        public void Acquire(IReadOnlyList<Signal> signals)
        {
        }

        public void Release(IReadOnlyList<Signal> signals)
        {
        }

        public void RunOlderHandlers(Signal signal, Action<bool> onBegun) => onBegun(false);
    }
}
