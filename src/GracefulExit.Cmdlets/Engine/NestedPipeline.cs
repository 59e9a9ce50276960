using System.Management.Automation;
using GracefulExit.Supervision;

namespace GracefulExit.Engine;

/// <summary>
/// A pipeline nested in the caller's, on the caller's thread. It has a stopper of its own: stopping it leaves the caller
/// running, and it runs to its end even while the caller's pipeline is stopping.
/// </summary>
/// <remarks>
/// Threads: <see cref="Invoke"/> on the pipeline thread, <see cref="BeginStop"/> on any. Its streams stay the caller's:
/// what runs in it is linked to the pipes of the outer cmdlet.
/// </remarks>
internal sealed class NestedPipeline : IDisposable
{
    private readonly PowerShell _powerShell = PowerShell.Create(RunspaceMode.CurrentRunspace);
    private readonly Latch _stopReached = new();
    private readonly INestedPipelineOwner _owner;
    private volatile bool _isStopAllowed;

    /// <summary>Prepares a pipeline that does some work of ours within the engine.</summary>
    /// <param name="owner">Learns when this pipeline is stopped from elsewhere.</param>
    /// <param name="work">The work. It must not throw.</param>
    public NestedPipeline(INestedPipelineOwner owner, Action<PSCmdlet> work)
    {
        _owner = owner;
        Work = work;
        _powerShell.AddCommand(NestedWorkCommand.Info);
        _powerShell.InvocationStateChanged += OnStateChanged;
    }

    /// <summary>Gets a value indicating whether a stop came so early that it could not be held back: run no exit block here.</summary>
    public bool IsStoppedAtStart { get; private set; }

    /// <summary>Gets a value indicating whether a stop is ours and not to be held back, exit block or not.</summary>
    public bool IsStopAllowed => _isStopAllowed;

    /// <summary>Gets the work.</summary>
    public Action<PSCmdlet> Work { get; }

    /// <summary>A stop has reached the work. Called by the stopping thread.</summary>
    public void OnStopReached() => _stopReached.Set();

    /// <summary>Runs the work on the calling thread and returns when it is done, or when the pipeline has been stopped.</summary>
    public void Invoke()
    {
        try
        {
            NestedWorkCommand.Next = this;
            _powerShell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            // The work has seen the exception and has recorded it.
        }
        finally
        {
            NestedWorkCommand.Next = null;
        }
    }

    /// <summary>Stops the pipeline and does not wait for it. If it has not begun yet, it will not.</summary>
    public void BeginStop()
    {
        _isStopAllowed = true;
        _owner.OnStopAllowed();
        StopThread.Begin(_powerShell);
    }

    /// <summary>Waits until a stop has reached the pipeline: from then on no further statement of it starts.</summary>
    /// <returns>False: not within the time.</returns>
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
