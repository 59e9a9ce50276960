namespace GracefulExit.Tests.Harness;

/// <summary>A run has exceeded a time limit.</summary>
/// <remarks>On a busy machine that proves nothing: the runner repeats such a test once, alone, and prints and counts that.</remarks>
public sealed class TimeLimitException(string message) : HarnessException(message);
