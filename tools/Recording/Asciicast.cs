using System.Globalization;
using System.Text;
using System.Text.Json;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Recording;

/// <summary>Writes what a terminal got as an asciicast, version 2: one line of JSON for each piece.</summary>
internal static class Asciicast
{
    public static string Write(Pane pane, ShellUnderTest shell)
    {
        StringBuilder text = new();
        text.Append(JsonSerializer.Serialize(new { version = 2, width = pane.Size.Columns, height = pane.Size.Rows, title = $"GracefulExit in {shell.Name}" })).Append('\n');
        // "o": output; "m": a marker.
        foreach ((TimeSpan at, string kind, string what) in pane.Output.Select(piece => (piece.At, "o", piece.Text))
            .Concat(pane.Keys.Select(key => (key.At, "m", key.Name))).OrderBy(entry => entry.Item1))
        {
            text.Append(CultureInfo.InvariantCulture, $"[{at.TotalSeconds:0.000}, \"{kind}\", {JsonSerializer.Serialize(what)}]\n");
        }

        return text.ToString();
    }
}
