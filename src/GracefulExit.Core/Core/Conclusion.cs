namespace GracefulExit.Core;

/// <summary>How a scope's cmdlet leaves, once everything has run.</summary>
internal enum ConclusionKind
{
    /// <summary>The caller goes on with its next statement.</summary>
    Return,

    /// <summary>The caller ends as by Ctrl+C: its stop is under way.</summary>
    Stop,

    /// <summary>The body around this one is to end: its stop has to reach this cmdlet first, then the caller ends as by Ctrl+C.</summary>
    StopWithOuterBody,

    /// <summary>A signal ends the caller with <c>-AfterSignal</c>: as <see cref="Stop"/>, once a stop by the shell has reached it.</summary>
    StopAfterSignal,

    /// <summary>The caller sees what ended the body: its error, its <c>exit</c>, its <c>break</c>.</summary>
    ThrowOutcome,

    /// <summary>The consumer of the output has had enough: the caller's pipeline ends by its refusal.</summary>
    ThrowRefusal,

    /// <summary>An exit block has called <c>exit</c>: the script ends.</summary>
    ThrowExit,
}

/// <summary>What decides how a scope's cmdlet leaves.</summary>
internal readonly record struct ConclusionFacts
{
    /// <summary>Gets a value indicating whether somebody has stopped the caller while the exit blocks ran.</summary>
    public bool WasStopHeld { get; init; }

    /// <summary>Gets a value indicating whether the body around this one may run its next statement.</summary>
    public bool MayOuterGoOn { get; init; }

    /// <summary>Gets a value indicating whether a scope within this one ends the process.</summary>
    public bool EndsProcess { get; init; }

    /// <summary>Gets a value indicating whether a signal has ended the scope.</summary>
    public bool EndedBySignal { get; init; }

    /// <summary>Gets what follows after a signal.</summary>
    public AfterSignal AfterSignal { get; init; }

    /// <summary>Gets a value indicating whether the body was told to stop.</summary>
    public bool WasBodyStopped { get; init; }

    /// <summary>
    /// Gets a value indicating whether the end of the process has ended a scope that an exit block had begun: the stop ends
    /// the scope, not the exit block around it, for which the process waits (row C4).
    /// </summary>
    public bool IsWithinExitBlock { get; init; }

    /// <summary>Gets a value indicating whether the body ended by something that the caller can see.</summary>
    public bool HasOutcome { get; init; }

    /// <summary>Gets a value indicating whether the consumer has refused an exit block's output.</summary>
    public bool HasRefusal { get; init; }

    /// <summary>Gets a value indicating whether an exit block has called <c>exit</c>.</summary>
    public bool HasExit { get; init; }

    /// <summary>Gets a value indicating whether the caller's pipeline is over: a normal return would end the script silently.</summary>
    public bool IsCallerOver { get; init; }
}

/// <summary>Decides how a scope's cmdlet leaves. The first that fits, from what concerns the whole process down to this scope's own.</summary>
internal static class Conclusion
{
    public static ConclusionKind Decide(ConclusionFacts facts) => facts switch
    {
        { WasStopHeld: true } => ConclusionKind.Stop,
        { MayOuterGoOn: false } => ConclusionKind.StopWithOuterBody,
        { EndsProcess: true } => ConclusionKind.StopAfterSignal,
        { EndedBySignal: true, AfterSignal: not AfterSignal.Continue } => ConclusionKind.StopAfterSignal,
        // The stop by which a signal ended the body stays within; whatever else ended it is the caller's to see.
        { HasOutcome: true, WasBodyStopped: false } => ConclusionKind.ThrowOutcome,
        { HasOutcome: true, EndedBySignal: false, IsWithinExitBlock: false } => ConclusionKind.ThrowOutcome,
        { HasRefusal: true } => ConclusionKind.ThrowRefusal,
        { HasExit: true } => ConclusionKind.ThrowExit,
        { IsCallerOver: true } => ConclusionKind.Stop,
        _ => ConclusionKind.Return,
    };
}
