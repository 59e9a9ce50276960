using System.Management.Automation;

namespace GracefulExit.Blocks;

/// <summary>Is notified of the progress of exit blocks. Called by the thread that runs them, except <see cref="OnGivenUp"/>.</summary>
internal interface IBlockObserver
{
    /// <summary>An exit block is about to run.</summary>
    /// <param name="block">The exit block.</param>
    /// <param name="place">Where it runs.</param>
    void OnBegin(ExitBlock block, IBlockPlace place);

    /// <summary>It has ended, successfully or not, and was not given up before.</summary>
    void OnEnd(ExitBlock block);

    /// <summary>It failed, or its time was up.</summary>
    void OnFailure(BlockFailure failure);

    /// <summary>It called <c>exit</c>.</summary>
    void OnExit(ExitException exit);

    /// <summary>
    /// It could not be stopped. This method must start the remaining blocks elsewhere, and end the process after them, since one of
    /// its threads is lost. Called on the supervisor's thread: must not block.
    /// </summary>
    void OnGivenUp(BlockFailure failure);
}
