namespace GracefulExit.Bench.Measuring;

/// <summary>What is told of a list of numbers.</summary>
internal static class Statistics
{
    public static double Median(this IReadOnlyCollection<double> values) => Quantile(values, 0.5);

    public static double P95(this IReadOnlyCollection<double> values) => Quantile(values, 0.95);

    // Between the two nearest values, in proportion.
    private static double Quantile(IReadOnlyCollection<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        double position = part * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
