namespace GracefulExit;

/// <summary>What a scope is doing.</summary>
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
}
