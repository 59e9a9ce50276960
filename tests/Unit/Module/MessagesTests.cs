using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;

namespace GracefulExit.Unit.Module;

/// <summary>Messages.resx has the texts, Messages.cs a member for each: no more on either side, and each is used.</summary>
public sealed partial class MessagesTests
{
    private static readonly Dictionary<string, string> Texts =
        new ResourceManager("GracefulExit.Messages", typeof(Messages).Assembly)
            .GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    private static readonly Dictionary<string, int> Members = typeof(Messages)
        .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .ToDictionary(method => method.IsSpecialName ? method.Name["get_".Length..] : method.Name, method => method.GetParameters().Length);

    [Fact]
    public void Each_text_has_its_member_and_each_member_its_text() => Assert.Equal(Texts.Keys.Order(), Members.Keys.Order());

    [Fact]
    public void A_member_has_a_parameter_for_each_placeholder_of_its_text() => Assert.All(Texts, text =>
    {
        int[] places = [.. Placeholder().Matches(text.Value).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct().Order()];
        Assert.Equal(Enumerable.Range(0, Members[text.Key]), places);
    });

    [Fact]
    public void Each_message_is_used()
    {
        string source = string.Concat(ModuleFiles.SourceFiles().Where(file => Path.GetFileName(file) != "Messages.cs").Select(File.ReadAllText));
        Assert.All(Members.Keys, name => Assert.Matches($@"\bMessages\.{name}\b", source));
    }

    [GeneratedRegex(@"\{(\d+)\}")]
    private static partial Regex Placeholder();
}
