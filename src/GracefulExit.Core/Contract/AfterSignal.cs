namespace GracefulExit;

/// <summary>What follows once a signal has ended a scope and its exit blocks have run.</summary>
public enum AfterSignal
{
    /// <summary>The caller goes on with its next statement.</summary>
    Continue,

    /// <summary>The calling script ends as by Ctrl+C.</summary>
    Stop,

    /// <summary>The process exits with 128 + the signal's number.</summary>
    Exit,

    /// <summary>The process ends by the signal itself, so that its parent sees it signalled.</summary>
    Raise,
}
