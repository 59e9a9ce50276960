using System.Globalization;
using System.Text;

namespace GracefulExit.Tools.Recording;

/// <summary>Draws a take as one SVG file without script: each state of each row is an element that is seen in its time.</summary>
/// <remarks>Without animation (printed, or by a reader's wish) the last picture is seen.</remarks>
internal static class SvgAnimation
{
    private const double CharacterWidth = 8.4;
    private const double RowHeight = 18;
    private const double Padding = 12;
    private const double BarHeight = 26;
    private const double Gap = 8;

    // What changes within this time changes at once: line editors draw a key in several pieces.
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(30);

    public static string Draw(Take take)
    {
        double width = take.Panes.Max(pane => pane.Size.Columns) * CharacterWidth + 2 * Padding;
        double top = 0;
        StringBuilder body = new();
        SortedSet<(int From, int To)> times = [];
        foreach (Pane pane in take.Panes)
        {
            double height = BarHeight + pane.Size.Rows * RowHeight + Padding;
            body.Append(Invariant($"""
                <g transform="translate(0 {top})">
                <rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>
                <rect width="{width}" height="{height}" rx="8" fill="none" stroke="#30363d"/>
                <text x="{width / 2}" y="18" fill="#8b949e" text-anchor="middle">{pane.Title}</text>

                """));
            foreach (RowState state in RowStates(pane, take.Length))
            {
                body.Append(Element(state, take.Length, times));
            }

            foreach ((TimeSpan at, string name) in pane.Keys)
            {
                body.Append(Key(pane, at, name, width, times));
            }

            body.Append("</g>\n");
            top += height + Gap;
        }

        return Invariant($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top - Gap}" width="{width}" height="{top - Gap}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">
            <title>A script ended by Ctrl+C and by kill: both times it removes its temporary file and goes on</title>
            <style>
            .r{"{"}animation:{Seconds(take.Length)}s step-end infinite{"}"}
            @media (prefers-reduced-motion:reduce){"{"}.r{"{"}animation:none{"}"}{"}"}

            """) + Keyframes(times, take.Length) + "</style>\n" + body + "</svg>\n";
    }

    // Each content that a row has had, with its time.
    private static IEnumerable<RowState> RowStates(Pane pane, TimeSpan length)
    {
        Screen screen = new(pane.Size);
        var open = new (Cell[] Cells, TimeSpan Since)?[pane.Size.Rows];
        List<RowState> states = [];
        var pieces = pane.Output.Where(piece => piece.At <= length).ToList();
        for (int i = 0; i < pieces.Count; i++)
        {
            screen.Write(pieces[i].Text);
            if (i + 1 < pieces.Count && pieces[i + 1].At - pieces[i].At < Blink)
            {
                continue;
            }

            Cell[][] rows = screen.Rows();
            for (int row = 0; row < rows.Length; row++)
            {
                if (open[row] is { } before)
                {
                    if (before.Cells.AsSpan().SequenceEqual(rows[row]))
                    {
                        continue;
                    }

                    states.Add(new RowState(row, before.Cells, before.Since, pieces[i].At));
                }

                open[row] = (rows[row], pieces[i].At);
            }
        }

        states.AddRange(open.Select((state, row) => new RowState(row, state?.Cells ?? [], state?.Since ?? default, length)));
        return states.Where(state => Array.Exists(state.Cells, cell => cell != Cell.Empty));
    }

    // At the end of the row where the cursor was, from that moment on.
    private static string Key(Pane pane, TimeSpan at, string name, double width, SortedSet<(int From, int To)> times)
    {
        Screen screen = new(pane.Size);
        foreach ((_, string output) in pane.Output.TakeWhile(piece => piece.At <= at))
        {
            screen.Write(output);
        }

        times.Add((Milliseconds(at), int.MaxValue));
        double boxWidth = (name.Length + 2) * CharacterWidth;
        double x = width - Padding - boxWidth;
        double y = BarHeight + screen.CursorRow * RowHeight;
        return Invariant($"""
            <g class="r" style="animation-name:{Name(Milliseconds(at), int.MaxValue)}"><rect x="{x:0.#}" y="{y:0.#}" width="{boxWidth:0.#}" height="{RowHeight}" rx="4" fill="#d29922"/><text x="{x + boxWidth / 2:0.#}" y="{y + 14:0.#}" fill="#0d1117" text-anchor="middle">{name}</text></g>

            """);
    }

    private static string Element(RowState state, TimeSpan length, SortedSet<(int From, int To)> times)
    {
        StringBuilder text = new();
        int from = Milliseconds(state.From);
        int to = Milliseconds(state.To);
        bool isLast = state.To == length;
        double y = BarHeight + state.Row * RowHeight;
        if (from == 0 && isLast)
        {
            text.Append("<g>");
        }
        else
        {
            times.Add((from, isLast ? int.MaxValue : to));
            text.Append(CultureInfo.InvariantCulture, $"<g class=\"r\" style=\"animation-name:{Name(from, isLast ? int.MaxValue : to)}\"{(isLast ? "" : " opacity=\"0\"")}>");
        }

        int column = 0;
        while (column < state.Cells.Length)
        {
            Style style = state.Cells[column].Style;
            int end = column;
            while (end < state.Cells.Length && state.Cells[end].Style == style)
            {
                end++;
            }

            Run(text, new string([.. state.Cells[column..end].Select(cell => cell.Character)]), style, Padding + column * CharacterWidth, y);
            column = end;
        }

        return text.Append("</g>\n").ToString();
    }

    private static void Run(StringBuilder text, string characters, Style style, double x, double y)
    {
        string foreground = style.Foreground ?? "#e6edf3";
        string? background = style.Background;
        if (style.Inverse)
        {
            (foreground, background) = (background ?? "#0d1117", foreground);
        }

        if (background is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{characters.Length * CharacterWidth:0.#}\" height=\"{RowHeight}\" fill=\"{background}\"/>");
        }

        string shown = characters.TrimEnd();
        if (shown.Length == 0)
        {
            return;
        }

        // The grid holds, whatever font the reader has.
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y + 14:0.#}\" textLength=\"{shown.Length * CharacterWidth:0.#}\" xml:space=\"preserve\" fill=\"{foreground}\"");
        text.Append(style.Bold ? " font-weight=\"bold\"" : "").Append(style.Italic ? " font-style=\"italic\"" : "");
        text.Append('>').Append(System.Security.SecurityElement.Escape(shown)).Append("</text>");
    }

    private static string Keyframes(IEnumerable<(int From, int To)> times, TimeSpan length)
    {
        StringBuilder text = new();
        foreach ((int from, int to) in times)
        {
            text.Append(CultureInfo.InvariantCulture, $"@keyframes {Name(from, to)}{{");
            text.Append(from > 0 ? $"0%{{opacity:0}}{Percent(from)}{{opacity:1}}" : "0%{opacity:1}");
            text.Append(to < int.MaxValue ? $"{Percent(to)}{{opacity:0}}" : "").Append("}\n");
        }

        return text.ToString();

        string Percent(int milliseconds) => (milliseconds / length.TotalMilliseconds * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";
    }

    private static string Name(int from, int to) => to == int.MaxValue ? $"t{from}" : $"t{from}-{to}";

    private static int Milliseconds(TimeSpan time) => (int)time.TotalMilliseconds;

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed record RowState(int Row, Cell[] Cells, TimeSpan From, TimeSpan To);
}
