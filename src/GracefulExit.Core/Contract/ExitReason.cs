namespace GracefulExit;

/// <summary>Why a scope's exit block runs.</summary>
public enum ExitReason
{
    /// <summary>The body came to its end.</summary>
    Completed,

    /// <summary>The body ended with a terminating error.</summary>
    Error,

    /// <summary>The body called <c>exit</c>, or a scope within it ends the process.</summary>
    Exit,

    /// <summary>A signal arrived.</summary>
    Signal,

    /// <summary>The pipeline was stopped from elsewhere: Ctrl+C, Stop-Job, Select-Object -First.</summary>
    Stopped,

    /// <summary>The process is exiting.</summary>
    ProcessExit,

    /// <summary>An unhandled exception on another thread is about to end the process.</summary>
    Crash,

    /// <summary>The process died without having run its exit blocks; a guard runs them.</summary>
    Killed,
}
