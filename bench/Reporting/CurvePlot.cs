using System.Security;
using System.Text;

namespace GracefulExit.Bench.Reporting;

/// <summary>Curves as one picture with logarithmic scales, on which linear growth rises by one power of ten in one.</summary>
internal static class CurvePlot
{
    public const string FileName = "growth.svg";

    private const int Width = 880;
    private const int Height = 420;
    private const int Left = 60;
    private const int Right = 420;
    private const int Top = 40;
    private const int Bottom = 40;

    /// <summary>Draws them; those for comparison are dashed.</summary>
    public static string Draw(IReadOnlyList<Curve> curves)
    {
        var points = curves.SelectMany(curve => curve.Points).ToList();
        var across = new Scale(points.Min(point => point.Amount), points.Max(point => point.Amount), Left, Width - Right);
        var up = new Scale(points.Min(point => point.Milliseconds), points.Max(point => point.Milliseconds), Height - Bottom, Top);
        var svg = new StringBuilder();
        svg.AppendLine($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">""");
        svg.AppendLine("""<style>text{fill:#57606a}.grid{stroke:#8c959f;stroke-opacity:.35}polyline{fill:none;stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#9198a1}}</style>""");
        svg.AppendLine("""<text x="8" y="20" font-size="14">What more of something costs, ms over its number, both scales logarithmic</text>""");
        foreach (double power in across.Powers)
        {
            svg.AppendLine($"""<line class="grid" x1="{across.At(power):0.#}" y1="{Top}" x2="{across.At(power):0.#}" y2="{Height - Bottom}"/><text x="{across.At(power):0.#}" y="{Height - Bottom + 18}" text-anchor="middle">{power:#,0.###}</text>""");
        }

        foreach (double power in up.Powers)
        {
            svg.AppendLine($"""<line class="grid" x1="{Left}" y1="{up.At(power):0.#}" x2="{Width - Right}" y2="{up.At(power):0.#}"/><text x="{Left - 8}" y="{up.At(power) + 4:0.#}" text-anchor="end">{power:#,0.###}</text>""");
        }

        for (int i = 0; i < curves.Count; i++)
        {
            // A different colour for each, equally far apart.
            string style = $"stroke:hsl({360 * i / curves.Count},65%,45%){(curves[i].IsOurs ? "" : ";stroke-dasharray:5 4")}";
            int y = Top + 8 + (22 * i);
            svg.AppendLine($"""<polyline style="{style}" points="{string.Join(' ', curves[i].Points.Select(point => $"{across.At(point.Amount):0.#},{up.At(point.Milliseconds):0.#}"))}"/>""");
            svg.AppendLine($"""<polyline style="{style}" points="{Width - Right + 14},{y} {Width - Right + 40},{y}"/><text x="{Width - Right + 46}" y="{y + 4}">{SecurityElement.Escape(curves[i].Name.Replace("`", "", StringComparison.Ordinal))}</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    /// <summary>A logarithmic scale between the powers of ten around two values.</summary>
    private sealed class Scale(double least, double most, double begin, double end)
    {
        private readonly double _low = Math.Floor(Math.Log10(least));
        private readonly double _high = Math.Ceiling(Math.Log10(most));

        public IEnumerable<double> Powers => Enumerable.Range((int)_low, (int)(_high - _low) + 1).Select(power => Math.Pow(10, power));

        public double At(double value) => begin + ((end - begin) * (Math.Log10(value) - _low) / (_high - _low));
    }
}
