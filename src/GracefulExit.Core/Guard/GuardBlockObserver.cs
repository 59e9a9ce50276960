using System.Management.Automation;
using GracefulExit.Blocks;
using GracefulExit.Supervision;

namespace GracefulExit.Guard;

/// <summary>Is notified of the progress of the exit blocks that a guard runs.</summary>
/// <remarks>Threads: the worker that runs them, except <see cref="OnGivenUp"/> (supervisor) and <see cref="WaitForTurn"/>.</remarks>
/// <param name="report">Gets the message about a failure.</param>
internal sealed class GuardBlockObserver(Action<string> report) : IBlockObserver
{
    private readonly Gate _gate = new();
    private bool _isGivenUp;

    /// <summary>Gets or sets what is done when a block has ended.</summary>
    public Action? AfterBlock { get; set; }

    /// <summary>Waits until a worker has ended, or has lost the run because one of its blocks could not be stopped.</summary>
    /// <returns>False: it has lost the run and still hangs in that block.</returns>
    public bool WaitForTurn(Thread worker)
    {
        TimeSpan look = TimeSpan.FromMilliseconds(50);
        while (!worker.Join(look))
        {
            using (_gate.Enter())
            {
                if (_isGivenUp)
                {
                    _isGivenUp = false;
                    return false;
                }
            }
        }

        return true;
    }

    public void OnBegin(ExitBlock block, IBlockPlace place)
    {
    }

    public void OnEnd(ExitBlock block) => AfterBlock?.Invoke();

    public void OnFailure(BlockFailure failure) => report(failure.Message);

    public void OnExit(ExitException exit)
    {
        // There is no script for exit to end.
    }

    public void OnGivenUp(BlockFailure failure)
    {
        report(failure.Message);
        using (_gate.Enter())
        {
            _isGivenUp = true;
        }
    }
}
