namespace GracefulExit.Supervision;

/// <summary>Arithmetic of waiting times.</summary>
internal static class Waits
{
    /// <summary>What a wait of .NET takes: at most <see cref="int.MaxValue"/> milliseconds, some 24 days; a sum of limits may be more.</summary>
    public static TimeSpan Clamp(TimeSpan limit) =>
        limit == Timeout.InfiniteTimeSpan ? limit
            : limit < TimeSpan.Zero ? TimeSpan.Zero
            : limit.TotalMilliseconds > int.MaxValue ? TimeSpan.FromMilliseconds(int.MaxValue)
            : limit;
}
