namespace GracefulExit.Core;

/// <summary>What asks a scope to end early.</summary>
/// <param name="Reason">Signal, Stopped, Exit, ProcessExit or Crash.</param>
/// <param name="Signal">The signal, if it is one.</param>
/// <param name="ExitCode">What the process would return if it ended for this.</param>
internal sealed record ExitRequest(ExitReason Reason, Signal? Signal, int ExitCode)
{
    /// <summary>
    /// The pipeline was stopped from elsewhere. pwsh itself ends with 0 when a script is stopped under -File.
    /// </summary>
    public static readonly ExitRequest Stopped = new(ExitReason.Stopped, null, 0);

    /// <summary>Gets a value indicating whether the signal came from the system, and to others perhaps as well; else code has asked for it.</summary>
    public bool IsDelivered { get; init; }

    public static ExitRequest ForSignal(Signal signal, bool isDelivered = false) => new(ExitReason.Signal, signal, signal.ExitCode) { IsDelivered = isDelivered };
}
