namespace GracefulExit.Core;

/// <summary>Everything that decides what becomes of a scope. A value: <see cref="ScopeMachine"/> makes the next one.</summary>
internal readonly record struct ScopeState
{
    public ScopePhase Phase { get; init; }

    /// <summary>Gets what asks the scope to end early. The first request counts.</summary>
    public ExitRequest? Request { get; init; }

    /// <summary>Gets a value indicating whether a scope is active within this one.</summary>
    public bool HasInner { get; init; }

    /// <summary>Gets a value indicating whether this scope ends when the one within has ended: both were requested, the inner one goes first.</summary>
    public bool WaitsForInner { get; init; }

    /// <summary>Gets a value indicating whether the body has begun.</summary>
    public bool HasBodyBegun { get; init; }

    /// <summary>Gets a value indicating whether the body's thread has left the body, or will not enter it.</summary>
    public bool IsBodyLeft { get; init; }

    /// <summary>Gets a value indicating whether the body was told to stop, in contrast to having ended in a way of its own.</summary>
    public bool WasBodyStopped { get; init; }

    /// <summary>Gets how many shields the body is in, one within the other.</summary>
    public int Shields { get; init; }

    /// <summary>Gets how long the outermost shield may hold back a stop.</summary>
    public TimeSpan ShieldLimit { get; init; }

    /// <summary>Gets a value indicating whether a stop is held back by a shield.</summary>
    public bool IsStopPending { get; init; }

    /// <summary>Gets a value indicating whether the process is exiting.</summary>
    public bool IsProcessExiting { get; init; }

    public DeadlineKind Deadline { get; init; }

    /// <summary>Gets when the deadline passes, in milliseconds of the events' clock.</summary>
    public long DueAt { get; init; }

    /// <summary>Gets a value indicating whether signals are this scope's.</summary>
    public bool IsListening => Phase < ScopePhase.Rescued;

    /// <summary>Gets a value indicating whether the exit blocks have been claimed.</summary>
    public bool IsClaimed => Phase >= ScopePhase.Exiting;

    /// <summary>
    /// Gets a value indicating whether the code in which an inner scope has just ended may run its next statement: a body that
    /// is to end may not, an exit block always may.
    /// </summary>
    public bool MayGoOn => Phase switch
    {
        ScopePhase.Stopping => false,
        ScopePhase.Body => Request is null || Shields > 0,
        _ => true,
    };
}
