namespace GracefulExit.Bench.Reporting;

/// <summary>A table of another shape.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Note">How it was measured.</param>
/// <param name="Columns">The titles of its columns.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record Grid(string Title, string Note, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Lines);
