namespace GracefulExit.Tests.Harness;

/// <summary>A run has passed a limit of time.</summary>
/// <remarks>On a busy machine that proves nothing: the runner tries such a test once more, alone, prints that and counts it.</remarks>
public sealed class TimeLimitException(string message) : HarnessException(message);
