using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace GracefulExit.Unit.Module;

/// <summary>The topic about_GracefulExit against the source.</summary>
public sealed partial class AboutTests
{
    private static readonly string[] Lines = File.ReadAllLines(ModuleFiles.AboutPath);

    [Fact]
    public void The_topic_names_the_errors_of_the_source_with_their_categories_and_no_others()
    {
        string[] source = [.. ModuleFiles.SourceFiles()
            .SelectMany(file => ErrorInSource().Matches(File.ReadAllText(file)))
            .Select(match => $"{match.Groups[1].Value} ({string.Join(", ", match.Groups[2].Captures.Select(category => category.Value).Order())})")
            .Distinct().Order()];
        Assert.NotEmpty(source);
        Assert.Equal(source, Entries("ERRORS").Order());
    }

    [Fact]
    public void Each_error_says_when_it_occurs_and_what_to_do()
    {
        string text = string.Join('\n', Section("ERRORS"));
        Assert.All(Entries("ERRORS"), entry => Assert.Matches($@"(?s)    {Regex.Escape(entry)}\n        When: .*?\n        Do: ", text));
    }

    [Fact]
    public void The_code_parses_and_uses_existing_parameters()
    {
        string[] blocks = Code();
        Assert.True(blocks.Length >= 2);
        Assert.All(blocks, block => Assert.All(
            ModuleFiles.Parse(block).FindAll(node => node is CommandAst call && ModuleFiles.Cmdlets.ContainsKey(call.GetCommandName() ?? ""), searchNestedScriptBlocks: true).Cast<CommandAst>(),
            HelpTests.AssertParameters));
    }

    [Fact]
    public void It_links_to_the_recipes() => Assert.Contains(Section("RECIPES"), line => line.EndsWith("/docs/recipes.md", StringComparison.Ordinal));

    [Fact]
    public void It_names_every_cmdlet() =>
        Assert.All(ModuleFiles.Cmdlets.Keys, cmdlet => Assert.Contains(Section("LONG DESCRIPTION"), line => line.StartsWith($"    {cmdlet} ", StringComparison.Ordinal)));

    [Fact]
    public void No_line_is_wider_than_a_terminal() => Assert.All(Lines, line => Assert.InRange(line.Length, 0, 79));

    private static IEnumerable<string> Entries(string heading) => Section(heading).Where(line => Entry().IsMatch(line)).Select(line => line.Trim());

    // From a heading, which begins the line, to the next.
    private static IEnumerable<string> Section(string heading)
    {
        Assert.Contains(heading, Lines);
        return Lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => line.Length == 0 || line[0] == ' ');
    }

    // Code stands four columns further in than text, and ends where text begins again.
    private static string[] Code()
    {
        List<string> blocks = [];
        bool isInCode = false;
        foreach (string line in Section("LONG DESCRIPTION").Concat(Section("GUARDING AGAINST SIGKILL")).Where(line => line.Length > 0))
        {
            bool isCode = line.StartsWith("        ", StringComparison.Ordinal);
            if (isCode && isInCode)
            {
                blocks[^1] += "\n" + line;
            }
            else if (isCode)
            {
                blocks.Add(line);
            }

            isInCode = isCode;
        }

        return [.. blocks];
    }

    // The category may depend on a condition; then there are two.
    [GeneratedRegex(@"""(\w+)"",\s*(?:[^"";?]*\?\s*)?ErrorCategory\.(\w+)(?:\s*:\s*ErrorCategory\.(?<2>\w+))?")]
    private static partial Regex ErrorInSource();

    [GeneratedRegex(@"^    \w+ \(\w+(, \w+)*\)$")]
    private static partial Regex Entry();
}
