namespace GracefulExit.Core;

/// <summary>What is to be done because of an event.</summary>
[Flags]
internal enum ScopeEffects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The body may learn of the request: <c>IsExitRequested</c>, <c>Token</c>, <c>Wait-ExitRequest</c>.</summary>
    Announce = 1,

    /// <summary>Note which children run, then send them the signal; <see cref="ScopeEventKind.Forwarded"/> follows.</summary>
    Forward = 2,

    /// <summary>Tell the body's pipeline to stop.</summary>
    StopBody = 4,

    /// <summary>Run the exit blocks elsewhere; <see cref="ScopeEventKind.BlocksDone"/> follows.</summary>
    Rescue = 8,

    /// <summary>End the process with the status of the request.</summary>
    EndProcess = 16,

    /// <summary>To the body's thread: run the body.</summary>
    RunBody = 32,

    /// <summary>To the body's thread: run the exit blocks in the body's own pipeline, which nobody has stopped.</summary>
    RunBlocksInBodyPipeline = 64,

    /// <summary>To the body's thread: run the exit blocks in a pipeline of their own.</summary>
    RunBlocksInFreshPipeline = 128,

    /// <summary>To the body's thread: somebody else runs the exit blocks; wait for <see cref="Release"/>.</summary>
    WaitForRescue = 256,

    /// <summary>Signals are no longer this scope's; whoever waits for its exit blocks need not any more.</summary>
    Release = 512,
}
