namespace GracefulExit.Bench.Reporting;

/// <summary>What a row has to reach, and whether it does in one shell.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Target">What has to be reached.</param>
/// <param name="Shell">Where.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="IsReached">Whether that is enough.</param>
internal sealed record Verdict(string What, string Target, string Shell, string Measured, bool IsReached);
