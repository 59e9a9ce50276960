namespace GracefulExit.Core;

/// <summary>What can happen to a scope.</summary>
internal enum ScopeEventKind
{
    /// <summary>Something asks the scope to end early: <see cref="ScopeEvent.Request"/>.</summary>
    Requested,

    /// <summary>The process is exiting; <see cref="ScopeEvent.Request"/> says how.</summary>
    ProcessExiting,

    /// <summary>Somebody else has begun to stop the pipeline in which the body runs.</summary>
    StoppedFromElsewhere,

    /// <summary>The body must end now: a scope within it has passed the request on.</summary>
    StopDemanded,

    /// <summary>The body's thread is about to run the body.</summary>
    BodyEntered,

    /// <summary>The body's thread has left the body, or will not enter it: <see cref="ScopeEvent.Outcome"/>.</summary>
    BodyLeft,

    /// <summary>A scope begins within this one.</summary>
    InnerBegan,

    /// <summary>The last scope within this one has ended.</summary>
    InnerEnded,

    /// <summary>The children that got the signal have ended, or there were none: <see cref="ScopeEvent.Flag"/> tells whether there were any.</summary>
    Forwarded,

    /// <summary>The body begins a part that no stop may interrupt: <see cref="ScopeEvent.Limit"/> says for how long.</summary>
    ShieldBegan,

    /// <summary>That part has ended.</summary>
    ShieldEnded,

    /// <summary>The deadline has passed.</summary>
    DeadlinePassed,

    /// <summary>The exit blocks have run, on the body's thread or, in a rescue, elsewhere.</summary>
    BlocksDone,

    /// <summary>The scope's cmdlet has returned.</summary>
    Closed,
}

/// <summary>Something that happens to a scope.</summary>
/// <param name="Kind">What.</param>
/// <param name="Now">When, in milliseconds of a clock that never goes back.</param>
/// <param name="Request">For a request: what asks.</param>
/// <param name="Flag">
/// For a request: whether the scope within this one was requested too, and ends first. For <see cref="ScopeEventKind.Forwarded"/>:
/// whether there were children.
/// </param>
/// <param name="Outcome">For <see cref="ScopeEventKind.BodyLeft"/>: how the body ended.</param>
/// <param name="Limit">For <see cref="ScopeEventKind.ShieldBegan"/>: how long a stop may be held back.</param>
internal readonly record struct ScopeEvent(
    ScopeEventKind Kind,
    long Now,
    ExitRequest? Request = null,
    bool Flag = false,
    BodyOutcomeKind Outcome = BodyOutcomeKind.Completed,
    TimeSpan Limit = default);
