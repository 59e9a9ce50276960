namespace GracefulExit.Tests.Harness;

/// <summary>A line that a child wrote.</summary>
/// <param name="Text">The line without its end.</param>
/// <param name="Timestamp">When its end was read, by <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
public readonly record struct OutputLine(string Text, long Timestamp);
