using System.Text;
using System.Text.Json;
using GracefulExit.Bench.Measuring;

namespace GracefulExit.Bench.Reporting;

/// <summary>Everything that a run leaves, as Markdown and as JSON.</summary>
internal sealed record Report(string Command, DateTimeOffset At, Machine Machine, string Module, double LoadAtStart, Findings Findings)
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Layout);

    /// <summary>Where it comes from, and what was to be reached.</summary>
    public string ToSummary()
    {
        var text = new StringBuilder();
        string programs = string.Join(", ", Machine.Programs.Select(pair => $"{pair.Key} {pair.Value}"));
        text.AppendLine($"{At:yyyy-MM-dd}, `{Command}`: {Machine.Processor}, {Machine.Cores} cores, {Machine.System}, {Machine.Framework}; {programs}. Load when it began: {LoadAtStart:0.0}.");
        text.AppendLine($"Measured: {Module}.").AppendLine();
        WriteVerdicts(text);
        return text.ToString();
    }

    /// <summary>A picture for each table, by its file's name.</summary>
    public IReadOnlyDictionary<string, string> ToPictures()
    {
        var pictures = Findings.Sections.ToDictionary(Plot.FileName, Plot.Draw);
        if (Findings.Curves.Count > 0)
        {
            pictures[CurvePlot.FileName] = CurvePlot.Draw(Findings.Curves);
        }

        return pictures;
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder(ToSummary());
        foreach (var section in Findings.Sections)
        {
            WriteTitle(text, $"{section.Title}, {section.Unit}", section.Note);
            WriteTable(
                text,
                ["", "median", "p95", "ratio", "n"],
                section.Series.Select(series => new[]
                {
                    series.Name, Show(series.Median), Show(series.P95), series.Ratio is { } ratio ? $"{ratio:0.00} × {series.RatioTo}" : "", $"{series.Values.Count}",
                }));
        }

        foreach (var grid in Findings.Grids)
        {
            WriteTitle(text, grid.Title, grid.Note);
            WriteTable(text, grid.Columns, grid.Lines);
        }

        return text.ToString();
    }

    /// <summary>Three digits that count.</summary>
    public static string Show(double value) => Math.Abs(value) switch
    {
        >= 99.95 => $"{value:#,0}",
        >= 9.995 => $"{value:0.0}",
        >= 0.9995 => $"{value:0.00}",
        _ => $"{value:0.000}",
    };

    // One line for each target, one column for each build.
    private void WriteVerdicts(StringBuilder text)
    {
        if (Findings.Verdicts.Count == 0)
        {
            return;
        }

        string[] builds = [.. Findings.Verdicts.Select(verdict => verdict.Build).Distinct()];
        WriteTable(
            text,
            ["what", "target", .. builds],
            Findings.Verdicts.GroupBy(verdict => (verdict.What, verdict.Target)).Select(row => new[] { row.Key.What, row.Key.Target }
                .Concat(builds.Select(build => row.FirstOrDefault(verdict => verdict.Build == build) is { } found
                    ? $"{found.Measured} {(found.IsReached ? "✓" : "**✗**")}"
                    : ""))
                .ToArray()));
    }

    private static void WriteTitle(StringBuilder text, string title, string note) =>
        text.AppendLine().AppendLine($"### {title}").AppendLine().AppendLine(note).AppendLine();

    private static void WriteTable(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> lines)
    {
        text.AppendLine($"| {string.Join(" | ", columns)} |");
        text.AppendLine($"|{string.Concat(columns.Select((_, i) => i == 0 ? "---|" : "---:|"))}");
        foreach (var line in lines)
        {
            text.AppendLine($"| {string.Join(" | ", line)} |");
        }
    }
}
