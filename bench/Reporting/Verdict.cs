namespace GracefulExit.Bench.Reporting;

/// <summary>What a row has to reach, and whether a build does.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Target">What has to be reached.</param>
/// <param name="Build">The build, as <see cref="Measuring.MeasuredBuild.Title"/> says.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="IsReached">Whether that is enough.</param>
internal sealed record Verdict(string What, string Target, string Build, string Measured, bool IsReached);
