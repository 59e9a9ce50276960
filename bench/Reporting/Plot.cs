using System.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace GracefulExit.Bench.Reporting;

/// <summary>A table as a picture: a line for each subject, a dot for each of its values, a stroke for the median.</summary>
internal static partial class Plot
{
    private const int Width = 860;
    private const int Names = 430;
    private const int Right = 60;
    private const int Line = 24;
    private const int Top = 40;
    private const int Bottom = 30;

    /// <summary>The name of a section's file, without its folder.</summary>
    public static string FileName(Section section) => $"{NoWord().Replace(section.Title.ToLowerInvariant(), "-").Trim('-')}.svg";

    /// <summary>Draws a section. The scale begins at zero and ends at the largest 95th percentile; what lies beyond is drawn at its end.</summary>
    public static string Draw(Section section)
    {
        double end = NiceEnd(section.Series.Max(static series => series.P95));
        int height = Top + (Line * section.Series.Count) + Bottom;
        var svg = new StringBuilder();
        svg.AppendLine($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="12">""");
        svg.AppendLine("""<style>text{fill:#57606a}circle{fill:#0969da;fill-opacity:.35}.grid{stroke:#8c959f;stroke-opacity:.35}.median{stroke:#cf222e;stroke-width:2.5}@media(prefers-color-scheme:dark){text{fill:#9198a1}circle{fill:#4493f8}.median{stroke:#f85149}}</style>""");
        svg.AppendLine($"""<text x="8" y="20" font-size="14">{SecurityElement.Escape($"{section.Title}, {section.Unit}")}</text>""");
        int bottom = height - Bottom;
        for (int i = 0; i <= 4; i++)
        {
            double value = end * i / 4;
            svg.AppendLine($"""<line class="grid" x1="{X(value, end)}" y1="{Top - 6}" x2="{X(value, end)}" y2="{bottom}"/><text x="{X(value, end)}" y="{bottom + 18}" text-anchor="middle">{value:0.###}</text>""");
        }

        for (int i = 0; i < section.Series.Count; i++)
        {
            Series series = section.Series[i];
            int y = Top + (Line * i) + (Line / 2);
            svg.AppendLine($"""<text x="{Names - 12}" y="{y + 4}" text-anchor="end">{SecurityElement.Escape(series.Name)}</text>""");
            foreach (double value in series.Values)
            {
                svg.Append($"""<circle cx="{X(value, end)}" cy="{y}" r="3.5"/>""");
            }

            svg.AppendLine($"""<line class="median" x1="{X(series.Median, end)}" y1="{y - 8}" x2="{X(series.Median, end)}" y2="{y + 8}"/><text x="{Width - 8}" y="{y + 4}" text-anchor="end">{Report.Show(series.Median)}</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static string X(double value, double end) => $"{Names + ((Width - Names - Right) * Math.Clamp(value / end, 0, 1)):0.#}";

    /// <summary>The next of 1, 2, 4, 5, 8 times a power of ten.</summary>
    private static double NiceEnd(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, double.Epsilon))));
        return power * new[] { 1.0, 2, 4, 5, 8, 10 }.First(step => value <= step * power * 1.0000001);
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoWord();
}
