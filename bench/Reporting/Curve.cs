namespace GracefulExit.Bench.Reporting;

/// <summary>What more of something costs.</summary>
/// <param name="Name">Of what.</param>
/// <param name="IsOurs">Whether it is the module's; otherwise it stands for comparison.</param>
/// <param name="Points">Amounts, the least first, and the milliseconds that each took.</param>
internal sealed record Curve(string Name, bool IsOurs, IReadOnlyList<(double Amount, double Milliseconds)> Points);
