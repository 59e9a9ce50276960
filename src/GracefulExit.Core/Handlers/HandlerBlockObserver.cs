using System.Management.Automation;
using GracefulExit.Blocks;
using GracefulExit.Engine;

namespace GracefulExit.Handlers;

/// <summary>Is notified of the progress of a handler's exit blocks: informs the guard, and reports failures to the user.</summary>
/// <remarks>Threads: the one that runs the exit blocks, except <see cref="OnGivenUp"/>, which is the supervisor's.</remarks>
/// <param name="handler">The handler.</param>
/// <param name="giveUp">Is called for an exit block that could not be stopped, to run the rest elsewhere. Must not block.</param>
internal sealed class HandlerBlockObserver(RegisteredHandler handler, Action<string> giveUp) : IBlockObserver
{
    private ProcessHost? _host;

    /// <summary>From now on, write failures to standard error: the blocks run outside their own session.</summary>
    public void UseProcessOutput() => _host ??= new ProcessHost();

    public void OnBegin(ExitBlock block, IBlockPlace place) => handler.Guard?.BlockBegins(block.Id);

    public void OnEnd(ExitBlock block) => handler.Guard?.BlockEnded(block.Id);

    public void OnFailure(BlockFailure failure)
    {
        if (_host is { } host)
        {
            host.UI.WriteErrorLine(failure.Message);
        }
        else
        {
            handler.Caller.ReportError(failure.Message);
        }
    }

    public void OnExit(ExitException exit)
    {
        // exit has ended the block. The session is ending anyway, and its status does not change.
    }

    public void OnGivenUp(BlockFailure failure) => giveUp(failure.Message);
}
