namespace GracefulExit.Bench.Measuring;

/// <summary>One of the builds of the module that are measured side by side.</summary>
/// <param name="Suffix">What follows the name of a subject of this build.</param>
/// <param name="Module">The build.</param>
internal sealed record MeasuredBuild(string Suffix, MeasuredModule Module)
{
    /// <summary>What the build is called at the head of a column.</summary>
    public string Title => Suffix.Length == 0 ? "this build" : Suffix.TrimStart(',', ' ');
}
