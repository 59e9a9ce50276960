namespace GracefulExit.Bench.Reporting;

/// <summary>What one row has found.</summary>
internal sealed class Findings
{
    public List<Verdict> Verdicts { get; } = [];

    public List<Section> Sections { get; } = [];

    public List<Grid> Grids { get; } = [];

    public List<Curve> Curves { get; } = [];

    public void Add(Findings other)
    {
        Verdicts.AddRange(other.Verdicts);
        Sections.AddRange(other.Sections);
        Grids.AddRange(other.Grids);
        Curves.AddRange(other.Curves);
    }
}
