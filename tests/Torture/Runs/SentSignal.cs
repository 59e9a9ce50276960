namespace GracefulExit.Tests.Torture.Runs;

/// <summary>A signal that was sent, and when, by <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
internal readonly record struct SentSignal(string Name, long Timestamp);
