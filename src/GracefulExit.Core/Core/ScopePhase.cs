namespace GracefulExit.Core;

/// <summary>The phases of a scope. They are passed in this order; some are skipped, none is entered twice.</summary>
internal enum ScopePhase
{
    /// <summary>Signals are taken; the body has not begun.</summary>
    Starting,

    /// <summary>The body runs.</summary>
    Body,

    /// <summary>An exit was requested; the body has its grace period, or the children their time after a forwarded signal.</summary>
    Draining,

    /// <summary>The body was told to stop and has not unwound yet.</summary>
    Stopping,

    /// <summary>The exit blocks run on the body's thread.</summary>
    Exiting,

    /// <summary>The exit blocks run outside the body's thread, which is stuck.</summary>
    Rescuing,

    /// <summary>The rescue has run the exit blocks; the body's thread is still stuck. Signals are no longer this scope's.</summary>
    Rescued,

    /// <summary>The scope has ended.</summary>
    Completed,
}
