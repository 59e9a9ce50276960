namespace GracefulExit.Core;

/// <summary>What a scope waits for with a time limit. It has one deadline at a time.</summary>
internal enum DeadlineKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The children to end after a forwarded signal.</summary>
    Forward,

    /// <summary>The body to end by itself: <c>-GracePeriodSeconds</c>.</summary>
    Grace,

    /// <summary>The end of a shield, which holds back a stop: <c>-TimeoutSeconds</c> of <c>Use-ExitShield</c>.</summary>
    Shield,

    /// <summary>The stopped body to unwind: <c>-StopTimeoutSeconds</c>.</summary>
    Unwind,

    /// <summary>The body's thread to return after a rescue: <c>-StopTimeoutSeconds</c> again.</summary>
    Return,
}
