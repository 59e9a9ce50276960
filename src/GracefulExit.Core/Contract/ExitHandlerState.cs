namespace GracefulExit;

/// <summary>What a scope or a registered handler is doing.</summary>
public enum ExitHandlerState
{
    /// <summary>It has taken its signals and is about to run the body.</summary>
    Starting,

    /// <summary>The body runs.</summary>
    Body,

    /// <summary>An exit was requested; the body has its grace period to end by itself.</summary>
    Draining,

    /// <summary>The body was told to stop and has not unwound yet.</summary>
    Stopping,

    /// <summary>The exit blocks run.</summary>
    Exiting,

    /// <summary>The exit blocks have run.</summary>
    Completed,

    /// <summary>It waits for the end of the session: a registered handler.</summary>
    Waiting,
}
