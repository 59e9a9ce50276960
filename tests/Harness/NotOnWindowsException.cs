namespace GracefulExit.Tests.Harness;

/// <summary>Windows does not have what a test asks for. The test does not apply there.</summary>
public sealed class NotOnWindowsException(string what) : Exception($"Windows does not have {what}");
