namespace GracefulExit.Tests.Harness;

/// <summary>A run did not do what its test expects.</summary>
/// <remarks>The runner never tries such a test again.</remarks>
public class HarnessException(string message) : Exception(message);
