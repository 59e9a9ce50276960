namespace GracefulExit.Tests.Harness;

/// <summary>A run did not do what its test expects.</summary>
/// <remarks>The runner never repeats such a test.</remarks>
public class HarnessException(string message) : Exception(message);
