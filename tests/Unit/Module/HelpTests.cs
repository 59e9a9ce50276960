using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using System.Xml.Linq;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Unit.Module;

/// <summary>The help file says of each cmdlet what the cmdlet says of itself.</summary>
public sealed class HelpTests
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly XElement Root = XDocument.Load(ModuleFiles.HelpPath, LoadOptions.PreserveWhitespace).Root!;

    private static readonly Dictionary<string, XElement> Help = Root.Elements(Command + "command")
        .ToDictionary(command => command.Element(Command + "details")!.Element(Command + "name")!.Value);

    public static IEnumerable<TheoryDataRow<string>> Cmdlets() => ModuleFiles.Cmdlets.Keys.Select(name => new TheoryDataRow<string>(name));

    public static IEnumerable<TheoryDataRow<string, string>> Parameters() =>
        from cmdlet in ModuleFiles.Cmdlets.Keys
        from parameter in ModuleFiles.Parameters(cmdlet)
        select new TheoryDataRow<string, string>(cmdlet, parameter.Name);

    [Fact]
    public void The_file_has_exactly_the_cmdlets_of_the_module()
    {
        // Without this attribute the file is ignored, silently.
        Assert.Equal("maml", Root.Attribute("schema")?.Value);
        Assert.Equal(ModuleFiles.Cmdlets.Keys.Order(), Help.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_is_described(string cmdlet)
    {
        XElement details = Help[cmdlet].Element(Command + "details")!;
        Assert.Equal(cmdlet, $"{details.Element(Command + "verb")!.Value}-{details.Element(Command + "noun")!.Value}");
        AssertSentences(details.Element(Maml + "description")!);
        AssertSentences(Help[cmdlet].Element(Maml + "description")!);
        AssertSentences(Help[cmdlet].Element(Maml + "alertSet")!.Element(Maml + "alert")!);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_has_exactly_its_parameters_also_in_its_syntax(string cmdlet)
    {
        string[] expected = [.. ModuleFiles.Parameters(cmdlet).Select(property => property.Name)];
        Assert.Equal(expected.Order(), Names(Help[cmdlet].Element(Command + "parameters")!).Except(OptionalCommon).Order());

        // Each parameter is in one of the sets at least, and no other is.
        XElement[] sets = [.. Help[cmdlet].Element(Command + "syntax")!.Elements(Command + "syntaxItem")];
        Assert.All(sets, syntax => Assert.Equal(cmdlet, syntax.Element(Maml + "name")!.Value));
        Assert.Equal(expected.Order(), sets.SelectMany(Names).Except(OptionalCommon).Distinct().Order());
        string[] named = [.. ModuleFiles.Parameters(cmdlet)
            .SelectMany(property => property.GetCustomAttributes<ParameterAttribute>())
            .Select(attribute => attribute.ParameterSetName)
            .Where(name => name != ParameterAttribute.AllParameterSets)
            .Distinct()];
        Assert.True(sets.Length >= Math.Max(1, named.Length), $"{cmdlet} has {sets.Length} syntax items");
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_parameter_is_described_as_the_cmdlet_declares_it(string cmdlet, string name)
    {
        PropertyInfo property = ModuleFiles.Cmdlets[cmdlet].GetProperty(name)!;
        ParameterAttribute attribute = property.GetCustomAttribute<ParameterAttribute>()!;
        string[] aliases = [.. property.GetCustomAttributes<AliasAttribute>().SelectMany(alias => alias.AliasNames)];
        XElement[] places =
        [
            Parameter(Help[cmdlet].Element(Command + "parameters")!, name),
            Help[cmdlet].Element(Command + "syntax")!.Elements(Command + "syntaxItem").Elements(Command + "parameter")
                .First(parameter => parameter.Element(Maml + "name")!.Value == name),
        ];
        Assert.All(places, place =>
        {
            Assert.Equal(attribute.Mandatory ? "true" : "false", place.Attribute("required")!.Value);
            Assert.Equal(attribute.Position == int.MinValue ? "named" : attribute.Position.ToString(CultureInfo.InvariantCulture), place.Attribute("position")!.Value);
            Assert.Equal(attribute.ValueFromPipeline || attribute.ValueFromPipelineByPropertyName ? "True" : "False", place.Attribute("pipelineInput")!.Value);
            Assert.Equal(property.GetCustomAttribute<SupportsWildcardsAttribute>() is null ? "false" : "true", place.Attribute("globbing")!.Value);
            Assert.Equal(property.PropertyType.IsArray ? "true" : "false", place.Attribute("variableLength")!.Value);
            Assert.Equal(aliases.Length == 0 ? "none" : string.Join(", ", aliases), place.Attribute("aliases")!.Value);
            Assert.Equal(property.PropertyType.Name, place.Element(Dev + "type")!.Element(Maml + "name")!.Value);
            Assert.Equal(Default(cmdlet, property), place.Element(Dev + "defaultValue")!.Value);
            AssertSentences(place.Element(Maml + "description")!);
        });

        // A switch has no value in the syntax; an enumeration shows its own.
        Assert.Equal(property.PropertyType.Name, places[0].Element(Command + "parameterValue")!.Value);
        Assert.Equal(property.PropertyType == typeof(SwitchParameter) ? null : property.PropertyType.Name, places[1].Element(Command + "parameterValue")?.Value);
        Assert.Equal(
            property.PropertyType.IsEnum ? Enum.GetNames(property.PropertyType) : [],
            places[1].Elements(Command + "parameterValueGroup").Elements().Select(value => value.Value));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Input_and_output_are_those_of_the_cmdlet(string cmdlet)
    {
        Type type = ModuleFiles.Cmdlets[cmdlet];
        string[] inputs = [.. ModuleFiles.Parameters(cmdlet)
            .Where(property => property.GetCustomAttributes<ParameterAttribute>().Any(attribute => attribute.ValueFromPipeline || attribute.ValueFromPipelineByPropertyName))
            .Select(property => property.PropertyType == typeof(PSObject) ? "System.Object" : property.PropertyType.FullName!)
            .DefaultIfEmpty("None")];
        Assert.Equal(inputs, Types(Help[cmdlet].Element(Command + "inputTypes")!));
        Assert.Equal(
            type.GetCustomAttributes<OutputTypeAttribute>().SelectMany(output => output.Type).Select(output => output.Name).DefaultIfEmpty("None"),
            Types(Help[cmdlet].Element(Command + "returnValues")!));
        Assert.All(Help[cmdlet].Elements().Where(element => element.Name == Command + "inputTypes" || element.Name == Command + "returnValues").Elements(), item => AssertSentences(item.Element(Maml + "description")!));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_links_to_the_others_and_to_the_topic(string cmdlet)
    {
        string[] links = [.. Help[cmdlet].Element(Command + "relatedLinks")!.Elements().Select(link => link.Element(Maml + "linkText")!.Value)];
        Assert.Equal(ModuleFiles.Cmdlets.Keys.Where(name => name != cmdlet).Append("about_GracefulExit").Append("Online version:").Order(), links.Order());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Its_page_is_in_the_repository_and_Get_Help_Online_leads_there(string cmdlet)
    {
        const string root = "https://github.com/gracefulexit/GracefulExit/blob/main/";
        string page = $"docs/cmdlets/{cmdlet}.md";
        Assert.True(File.Exists(Path.Combine(Repository.Root, page)), page);
        Assert.Equal(root + page, ModuleFiles.Cmdlets[cmdlet].GetCustomAttribute<CmdletAttribute>()!.HelpUri);
        Assert.Equal(root + page, Help[cmdlet].Element(Command + "relatedLinks")!.Elements().First().Element(Maml + "uri")!.Value);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_has_four_examples_that_parse_and_use_it_correctly(string cmdlet)
    {
        XElement[] examples = [.. Examples(cmdlet)];
        Assert.True(examples.Length >= 4);
        for (int i = 0; i < examples.Length; i++)
        {
            Assert.StartsWith($"--- Example {i + 1}: ", examples[i].Element(Maml + "title")!.Value, StringComparison.Ordinal);
            AssertSentences(examples[i].Element(Dev + "remarks")!);
            ScriptBlockAst tree = ModuleFiles.Parse(examples[i].Element(Dev + "code")!.Value);
            CommandAst[] calls = [.. tree.FindAll(node => node is CommandAst call && ModuleFiles.Cmdlets.ContainsKey(call.GetCommandName() ?? ""), searchNestedScriptBlocks: true).Cast<CommandAst>()];
            Assert.Contains(calls, call => call.GetCommandName() == cmdlet);
            Assert.All(calls, AssertParameters);
        }
    }

    /// <summary>Fails if a call names a parameter that the cmdlet does not have.</summary>
    internal static void AssertParameters(CommandAst call)
    {
        bool canConfirm = ModuleFiles.Cmdlets[call.GetCommandName()].GetCustomAttribute<CmdletAttribute>()!.SupportsShouldProcess;
        HashSet<string> known = [.. ModuleFiles.Parameters(call.GetCommandName()).Select(property => property.Name), .. canConfirm ? OptionalCommon : [], "Verbose"];
        Assert.All(call.CommandElements.OfType<CommandParameterAst>(), parameter => Assert.Contains(parameter.ParameterName, known));
    }

    /// <summary>What <c>SupportsShouldProcess</c> adds.</summary>
    private static readonly string[] OptionalCommon = ["WhatIf", "Confirm"];

    private static IEnumerable<XElement> Examples(string cmdlet) => Help[cmdlet].Element(Command + "examples")!.Elements(Command + "example");

    private static string[] Names(XElement parent) => [.. parent.Elements(Command + "parameter").Select(parameter => parameter.Element(Maml + "name")!.Value)];

    private static XElement Parameter(XElement parent, string name) => parent.Elements(Command + "parameter").Single(parameter => parameter.Element(Maml + "name")!.Value == name);

    private static IEnumerable<string> Types(XElement parent) => parent.Elements().Select(item => item.Element(Dev + "type")!.Element(Maml + "name")!.Value);

    private static string Default(string cmdlet, PropertyInfo property)
    {
        object instance = Activator.CreateInstance(ModuleFiles.Cmdlets[cmdlet])!;
        object? value = property.GetValue(instance);
        (instance as IDisposable)?.Dispose();
        return value switch
        {
            null or -1.0 => "None",
            SwitchParameter isPresent => isPresent ? "True" : "False",
            ICollection { Count: 0 } => "None",
            IEnumerable<object> many => string.Join(", ", many),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    /// <summary>Fails unless each paragraph is text on one line that ends as a sentence does.</summary>
    private static void AssertSentences(XElement parent)
    {
        Assert.NotEmpty(parent.Elements(Maml + "para"));
        Assert.All(parent.Elements(Maml + "para"), paragraph => Assert.Matches(@"^\S.*[.:]$", paragraph.Value));
    }
}
