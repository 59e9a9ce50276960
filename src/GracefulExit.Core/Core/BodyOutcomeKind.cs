namespace GracefulExit.Core;

/// <summary>How a body ended, as far as its thread can tell.</summary>
internal enum BodyOutcomeKind
{
    /// <summary>By its end or by <c>return</c>.</summary>
    Completed,

    /// <summary>By <c>break</c> or <c>continue</c> of a loop of the caller.</summary>
    LoopFlow,

    /// <summary>By <c>exit</c>.</summary>
    Exit,

    /// <summary>By a terminating error.</summary>
    Error,

    /// <summary>By a stop of its pipeline, whoever asked for it, or because nobody takes its output any more.</summary>
    Stopped,
}
