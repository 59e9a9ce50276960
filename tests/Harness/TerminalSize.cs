namespace GracefulExit.Tests.Harness;

/// <summary>The size of a terminal in characters.</summary>
public sealed record TerminalSize(int Columns, int Rows)
{
    /// <summary>What the terminal of a test has.</summary>
    public static TerminalSize Usual { get; } = new(120, 30);
}
