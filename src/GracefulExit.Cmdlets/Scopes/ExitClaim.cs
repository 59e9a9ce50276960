namespace GracefulExit.Scopes;

/// <summary>Who runs the exit blocks, once the body has ended.</summary>
internal enum ExitClaim
{
    /// <summary>The pipeline thread, in the body's own nested pipeline, which nobody has stopped.</summary>
    InBodyPipeline,

    /// <summary>The pipeline thread, in a nested pipeline of their own: the body's was stopped, nothing runs in it any more.</summary>
    InFreshPipeline,

    /// <summary>Somebody else has claimed them already.</summary>
    Taken,
}
