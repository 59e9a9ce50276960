using System.Management.Automation;
using GracefulExit.Supervision;

namespace GracefulExit.Engine;

/// <summary>
/// A pipeline nested in the caller's, on the caller's thread. It can be stopped by itself: the caller's pipeline then goes on.
/// And it runs to its end even while the caller's pipeline is stopping.
/// </summary>
/// <remarks>
/// Threads: <see cref="Invoke"/> on the pipeline thread, <see cref="BeginStop"/> on any. Streams are the caller's: what runs in
/// it is linked to the pipes of the outer cmdlet.
/// </remarks>
internal sealed class NestedPipeline : IDisposable, IOwnWork
{
    private readonly PowerShell _powerShell = PowerShell.Create(RunspaceMode.CurrentRunspace);
    private readonly Latch _stopReached = new();
    private readonly INestedPipelineOwner _owner;
    private readonly Action<PSCmdlet> _work;
    private volatile PSCmdlet? _worker;
    private volatile bool _isStopAllowed;

    /// <summary>Prepares a pipeline that runs our own code within the engine.</summary>
    /// <param name="owner">Is notified when this pipeline is stopped from elsewhere.</param>
    /// <param name="work">The work. It must not throw.</param>
    public NestedPipeline(INestedPipelineOwner owner, Action<PSCmdlet> work)
    {
        _owner = owner;
        _work = work;
        _powerShell.AddCommand(OwnWorkCommand.Info);
        _powerShell.InvocationStateChanged += OnStateChanged;
    }

    /// <summary>Gets a value indicating whether a stop came so early that it could not be held back. Then no exit block may run here.</summary>
    public bool IsStoppedAtStart { get; private set; }

    /// <summary>Gets a value indicating whether a stop is our own and must not be held back, even during an exit block.</summary>
    public bool IsStopAllowed => _isStopAllowed;

    /// <summary>Gets a value indicating whether a stop has reached the work.</summary>
    public bool IsStopReached => _stopReached.IsSet;

    /// <summary>Gets a value indicating whether a stop that has reached the work is in force; null: none has, or the engine does not tell. Any thread.</summary>
    public bool? IsStopInForce => IsStopReached && _worker is { } worker ? EngineInternals.IsStopInForce(worker) : null;

    public void Process(PSCmdlet command, PSObject? input)
    {
    }

    /// <summary>Does the work.</summary>
    public void End(PSCmdlet command)
    {
        _worker = command;
        _work(command);
    }

    /// <summary>A stop has reached the work.</summary>
    public void OnStop() => _stopReached.Set();

    /// <summary>Runs the work on the calling thread and returns when it is done, or when the pipeline has been stopped.</summary>
    public void Invoke()
    {
        try
        {
            OwnWorkCommand.Next = this;
            _powerShell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            // The work has already recorded the exception.
        }
        finally
        {
            OwnWorkCommand.Next = null;
        }
    }

    /// <summary>Stops the pipeline without waiting for it. If it has not begun yet, it never will.</summary>
    public void BeginStop()
    {
        _isStopAllowed = true;
        _owner.OnStopAllowed();
        StopThread.Begin(_powerShell);
    }

    /// <summary>Stops the work again, since the engine has lost the stop. Returns at once. Stops nothing else, whatever has ended meanwhile.</summary>
    public void BeginStopAgain()
    {
        if (_worker is { } worker)
        {
            EngineInternals.BeginStopAgain(worker);
        }
    }

    /// <summary>Waits until a stop has reached the pipeline: from then on no further statement of it starts.</summary>
    /// <returns>False: the time is up.</returns>
    public bool WaitStopReached(TimeSpan limit) => _stopReached.Wait(limit);

    public void Dispose() => _powerShell.Dispose();

    private void OnStateChanged(object? sender, PSInvocationStateChangedEventArgs change)
    {
        if (change.InvocationStateInfo.State == PSInvocationState.Stopping && !_owner.OnPipelineStopping(this))
        {
            IsStoppedAtStart = true;
        }
    }
}
