namespace GracefulExit.Tests.Harness;

/// <summary>The size of a terminal in characters.</summary>
public sealed record TerminalSize(int Columns, int Rows)
{
    /// <summary>What a scenario's terminal has.</summary>
    public static TerminalSize Usual { get; } = new(120, 30);
}
