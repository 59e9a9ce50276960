using System.Text;
using System.Text.RegularExpressions;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Comparison;

/// <summary>Puts tables into docs/comparison.md, each between the comments with its name.</summary>
internal static class Page
{
    private static readonly Dictionary<(Peer Peer, Situation Situation), Outcome?> Measured = [];

    /// <summary>Measures what is not measured yet, and writes one table.</summary>
    public static void Write(string name, IReadOnlyList<Peer> peers, IReadOnlyList<Situation> situations)
    {
        string table = Table(peers, situations);
        string path = Path.Combine(Repository.Root, "docs", "comparison.md");
        File.WriteAllText(path, Replace(File.ReadAllText(path), name, table));
    }

    private static string Table(IReadOnlyList<Peer> peers, IReadOnlyList<Situation> situations)
    {
        StringBuilder table = new();
        table.Append("| the end |").AppendJoin("", peers.Select(peer => $" {peer.Title} |")).Append('\n');
        table.Append("|---|").Insert(table.Length, "---|", peers.Count).Append('\n');
        foreach (Situation situation in situations)
        {
            table.Append("| ").Append(situation.Title).Append(" |").AppendJoin("", peers.Select(peer => $" {Cell(peer, situation)} |")).Append('\n');
        }

        return table.ToString();
    }

    private static string Cell(Peer peer, Situation situation)
    {
        if (!Measured.TryGetValue((peer, situation), out Outcome? outcome))
        {
            Measured[(peer, situation)] = outcome = peer.Measure(situation);
            Console.WriteLine($"{peer.Title}, {situation.Title}: {outcome?.ToString() ?? "–"}");
        }

        return outcome?.ToString() ?? "–";
    }

    private static string Replace(string text, string name, string table)
    {
        Regex place = new($"(?s)(?<=<!-- {name}: written by tools/Comparison -->\n).*?(?=<!-- /{name} -->)");
        return place.IsMatch(text)
            ? place.Replace(text, _ => $"\n{table}\n")
            : throw new InvalidOperationException($"docs/comparison.md has no place for '{name}'.");
    }
}
