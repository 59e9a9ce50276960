using System.Text.Json.Serialization;
using GracefulExit.Bench.Measuring;

namespace GracefulExit.Bench.Reporting;

/// <summary>The values of one subject.</summary>
/// <param name="Name">The subject.</param>
/// <param name="Values">What each run gave.</param>
/// <param name="Reference">Whose median the ratio is taken to; null: none.</param>
internal sealed record Series(string Name, IReadOnlyList<double> Values, [property: JsonIgnore] Series? Reference = null)
{
    public double Median => Values.Median();

    public double P95 => Values.P95();

    /// <summary>To the reference's median.</summary>
    public double? Ratio => Reference is null ? null : Median / Reference.Median;

    public string? RatioTo => Reference?.Name;
}
