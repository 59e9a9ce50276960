using System.Globalization;
using System.Text;
using GracefulExit.Tests.Harness;
using GracefulExit.Tests.Torture.Plans;

namespace GracefulExit.Tests.Torture.Runs;

/// <summary>Writes the full report of a run.</summary>
internal static class Report
{
    private const int MostOutput = 3000;

    /// <summary>The report of a run.</summary>
    public static string Of(RunRecord run, IReadOnlyList<(Problem Problem, string Text)> problems)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"=== run seed {run.Plan.Seed}: {run.Plan}");
        foreach (var (problem, what) in problems)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {problem}: {what}");
        }

        foreach (var (name, script) in new ScriptWriter(run.Plan).Write())
        {
            Section(text, name, script);
        }

        Section(text, "what happened (milliseconds from the start)", Events(run));
        Section(text, "standard output", Shorten(run.Output));
        Section(text, "standard error", Shorten(run.ErrorOutput));
        Section(text, "threads", run.Threads);
        return text.ToString();
    }

    private static string Events(RunRecord run)
    {
        var signals = run.Sent.Select((signal, index) => (signal.Timestamp, $"{signal.Name} ({index + 1})", IsSignal: true));
        var marks = run.Journal.Select(entry => (entry.Timestamp, Text: entry.Text, IsSignal: false));
        var end = run.Status is null ? [] : new[] { (run.EndedAt, $"ended: {run.Status}", IsSignal: false) };
        var lines = new List<string>();
        int alike = 0;
        foreach (var (timestamp, what, isSignal) in signals.Concat(marks).Concat(end).OrderBy(happened => happened.Item1))
        {
            // A few signals of a storm are enough.
            alike = isSignal ? alike + 1 : 0;
            if (alike <= 6)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{run.Milliseconds(timestamp),10:0.000}  {what}"));
            }
            else if (alike == 7)
            {
                lines.Add("            more signals");
            }
        }

        return string.Join(Environment.NewLine, lines);
    }

    private static void Section(StringBuilder text, string title, string content)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"--- {title}");
        if (content.Length > 0)
        {
            text.AppendLine(content.TrimEnd());
        }
    }

    private static string Shorten(string text) => text.Length <= MostOutput ? text
        : $"{text[..(MostOutput / 2)]}{Environment.NewLine}[… {text.Length - MostOutput} characters …]{Environment.NewLine}{text[^(MostOutput / 2)..]}";
}
