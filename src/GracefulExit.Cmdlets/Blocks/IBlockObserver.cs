using System.Management.Automation;

namespace GracefulExit.Blocks;

/// <summary>Learns what becomes of exit blocks. Called by the thread that runs them, except <see cref="OnGivenUp"/>.</summary>
internal interface IBlockObserver
{
    /// <summary>An exit block is about to run.</summary>
    /// <param name="block">The exit block.</param>
    /// <param name="place">Where.</param>
    void OnBegin(ExitBlock block, IBlockPlace place);

    /// <summary>It has ended, successfully or not, and was not given up before.</summary>
    void OnEnd(ExitBlock block);

    /// <summary>It failed, or its time was up.</summary>
    void OnFailure(BlockFailure failure);

    /// <summary>It called <c>exit</c>.</summary>
    void OnExit(ExitException exit);

    /// <summary>
    /// It could not be stopped. What is left runs elsewhere and is this method's to start; then the process is to end, since a thread of
    /// it is lost. Called on the supervisor's thread: must not block.
    /// </summary>
    void OnGivenUp(BlockFailure failure);
}
