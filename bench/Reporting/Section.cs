namespace GracefulExit.Bench.Reporting;

/// <summary>A table of what was measured side by side.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="Note">How it was measured.</param>
/// <param name="Series">Its lines.</param>
internal sealed record Section(string Title, string Unit, string Note, IReadOnlyList<Series> Series);
