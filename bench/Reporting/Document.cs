using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Reporting;

/// <summary>Documents of the repository that show the last results between two marks.</summary>
internal static class Document
{
    private const string Begin = "<!-- bench: begin -->";
    private const string End = "<!-- bench: end -->";

    /// <summary>Puts a result in the place of the last one; a document without marks stays as it is.</summary>
    public static void Update(string path, string markdown)
    {
        string file = Path.Combine(Repository.Root, path);
        string text = File.ReadAllText(file);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin >= 0 && end > begin)
        {
            File.WriteAllText(file, $"{text[..(begin + Begin.Length)]}\n\n{markdown.Trim()}\n\n{text[end..]}");
            Console.WriteLine($"{file} updated");
        }
    }
}
