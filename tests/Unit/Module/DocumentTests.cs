using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Unit.Module;

/// <summary>The PowerShell and the links in the documents for users.</summary>
public sealed partial class DocumentTests
{
    public static IEnumerable<TheoryDataRow<string>> Documents() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.md"))
            .Append(Path.Combine(Repository.Root, "examples", "README.md"))
            .Select(file => new TheoryDataRow<string>(Path.GetRelativePath(Repository.Root, file)));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Its_PowerShell_parses_and_uses_the_cmdlets_correctly(string document) => Assert.All(
        Block().Matches(Read(document)).Select(match => match.Groups[1].Value),
        block => Assert.All(
            ModuleFiles.Parse(block).FindAll(node => node is CommandAst call && ModuleFiles.Cmdlets.ContainsKey(call.GetCommandName() ?? ""), searchNestedScriptBlocks: true).Cast<CommandAst>(),
            HelpTests.AssertParameters));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Its_links_lead_somewhere(string document)
    {
        string directory = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        Assert.All(Link().Matches(Read(document)).Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)), target =>
        {
            string[] parts = target.Split('#');
            string path = parts[0].Length == 0 ? Path.Combine(Repository.Root, document) : Path.Combine(directory, parts[0]);
            Assert.True(Path.Exists(path), $"there is no '{target}'");
            if (parts.Length > 1)
            {
                Assert.Contains(parts[1], Heading().Matches(File.ReadAllText(path)).Select(match => Anchor(match.Groups[1].Value)));
            }
        });
    }

    [Fact]
    public void The_README_leads_to_the_recipes_of_all_examples()
    {
        string recipes = Read(Path.Combine("docs", "recipes.md")) + Read("README.md") + Read(Path.Combine("docs", "recipe.md"));
        Assert.All(
            new DirectoryInfo(Path.Combine(Repository.Root, "examples")).EnumerateFileSystemInfos().Where(entry => entry.Extension != ".md").Select(entry => entry.Name),
            name => Assert.Contains($"examples/{name}", recipes, StringComparison.Ordinal));
    }

    private static string Read(string document) => File.ReadAllText(Path.Combine(Repository.Root, document));

    // As GitHub makes it: lower case, spaces to hyphens, other signs dropped.
    private static string Anchor(string heading) =>
        NoAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("(?ms)^```powershell\n(.*?)^```")]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("(?m)^#+ (.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
