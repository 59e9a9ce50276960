using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Reporting;

/// <summary>Documents of the repository that show the last results between two marks.</summary>
internal static class Document
{
    private const string Begin = "<!-- bench: begin -->";
    private const string End = "<!-- bench: end -->";

    /// <summary>Puts a result in the place of the last one; a document without marks stays as it is.</summary>
    /// <param name="path">The document. Its pictures are in a folder of the same name, without <c>.md</c>.</param>
    /// <param name="markdown">The result.</param>
    /// <param name="pictures">Pictures to show below it, by their files' names.</param>
    public static void Update(string path, string markdown, IReadOnlyDictionary<string, string> pictures)
    {
        string file = Path.Combine(Repository.Root, path);
        string text = File.ReadAllText(file);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin >= 0 && end > begin)
        {
            string folder = Path.GetFileNameWithoutExtension(file);
            string directory = Path.Combine(Path.GetDirectoryName(file)!, folder);
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }

            Directory.CreateDirectory(directory);
            foreach (var (name, picture) in pictures)
            {
                File.WriteAllText(Path.Combine(directory, name), picture);
            }

            string shown = string.Join('\n', pictures.Keys.Select(name => $"![{Path.GetFileNameWithoutExtension(name).Replace('-', ' ')}]({folder}/{name})"));
            File.WriteAllText(file, $"{text[..(begin + Begin.Length)]}\n\n{markdown.Trim()}\n\n{shown}\n\n{text[end..]}");
            Console.WriteLine($"{file} updated");
        }
    }
}
