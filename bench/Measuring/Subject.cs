namespace GracefulExit.Bench.Measuring;

/// <summary>One of several things that are measured side by side.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="FileName">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Subject(string Name, string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The shell that it runs in; null for a peer.</summary>
    public string? Shell { get; init; }

    /// <summary>The signal that ends it.</summary>
    public string Signal { get; init; } = "SIGTERM";

    /// <summary>Its clock tells the time of day in seconds, not that of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public bool TellsTimeOfDay { get; init; }
}
