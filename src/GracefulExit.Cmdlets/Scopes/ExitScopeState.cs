namespace GracefulExit.Scopes;

/// <summary>
/// The states of a scope, in the only order in which they are passed; some are skipped.
/// See <c>docs/design.md</c> for the diagram.
/// </summary>
internal enum ExitScopeState
{
    /// <summary>Registered: signals are taken; the body has not begun.</summary>
    Starting,

    /// <summary>The body runs.</summary>
    Body,

    /// <summary>An exit was requested; the body has its grace period to end by itself.</summary>
    Draining,

    /// <summary>The body was told to stop and has not unwound yet.</summary>
    Stopping,

    /// <summary>Somebody has claimed the exit blocks; they run.</summary>
    Exiting,

    /// <summary>The exit blocks have run. Signals are no longer this scope's.</summary>
    Completed,
}
