namespace GracefulExit.Tests.Harness;

/// <summary>The size of a terminal in characters.</summary>
public sealed record TerminalSize(int Columns, int Rows)
{
    /// <summary>The size of a test's terminal.</summary>
    public static TerminalSize Usual { get; } = new(120, 30);
}
