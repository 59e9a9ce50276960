namespace GracefulExit.Tests.Torture.Kills;

/// <summary>What must have happened before the SIGKILL.</summary>
internal enum KillMoment
{
    /// <summary>Nothing: the kill comes around the begin of the first scope.</summary>
    Start,

    /// <summary>The innermost body has begun; the guard is most likely still starting.</summary>
    Body,

    /// <summary>The guard is up, and the innermost body runs.</summary>
    Up,

    /// <summary>The innermost body is told to end.</summary>
    End,

    /// <summary>The first exit block has begun: blocks run, scopes end, the guard is told to leave.</summary>
    ExitBlock,
}
