using System.Text;
using System.Text.RegularExpressions;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Comparison;

/// <summary>Puts the tables into docs/comparison.md, each between the comments that bear its name.</summary>
internal static class Page
{
    public static void Write(IReadOnlyDictionary<Peer, Dictionary<Situation, Outcome?>> results)
    {
        string path = Path.Combine(Repository.Root, "docs", "comparison.md");
        string text = File.ReadAllText(path);
        text = Replace(text, "powershell", Table(Peer.PowerShell, results));
        text = Replace(text, "others", Table([.. Peer.PowerShell.Where(peer => peer.Title == "GracefulExit"), .. Peer.Others], results));
        File.WriteAllText(path, text);
    }

    private static string Table(IReadOnlyList<Peer> peers, IReadOnlyDictionary<Peer, Dictionary<Situation, Outcome?>> results)
    {
        StringBuilder table = new();
        table.Append("| the end |").AppendJoin("", peers.Select(peer => $" {peer.Title} |")).Append('\n');
        table.Append("|---|").Insert(table.Length, "---|", peers.Count).Append('\n');
        foreach (Situation situation in Situation.All)
        {
            table.Append("| ").Append(situation.Title).Append(" |").AppendJoin("", peers.Select(peer => $" {results[peer][situation]?.ToString() ?? "–"} |")).Append('\n');
        }

        return table.ToString();
    }

    private static string Replace(string text, string name, string table)
    {
        Regex place = new($"(?s)(?<=<!-- {name}: written by tools/Comparison -->\n).*?(?=<!-- /{name} -->)");
        return place.IsMatch(text)
            ? place.Replace(text, _ => $"\n{table}\n")
            : throw new InvalidOperationException($"docs/comparison.md has no place for '{name}'.");
    }
}
