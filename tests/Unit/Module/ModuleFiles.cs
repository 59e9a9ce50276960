using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using GracefulExit.Commands;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Unit.Module;

/// <summary>The module under test as files, and what its assemblies say of themselves.</summary>
internal static class ModuleFiles
{
    /// <summary>The directory with the manifest: that of an installed module has one for each version.</summary>
    public static string Directory { get; } =
        Path.GetDirectoryName(System.IO.Directory.EnumerateFiles(Repository.Module, "GracefulExit.psd1", SearchOption.AllDirectories).First())!;

    public static string ManifestPath { get; } = Path.Combine(Directory, "GracefulExit.psd1");

    public static string HelpPath { get; } = Path.Combine(Directory, "en-US", "GracefulExit.Cmdlets.dll-Help.xml");

    public static string AboutPath { get; } = Path.Combine(Directory, "en-US", "about_GracefulExit.help.txt");

    public static Hashtable Manifest { get; } = ReadManifest();

    /// <summary>The public cmdlets, by name. Those that are not public are the module's own tools.</summary>
    public static IReadOnlyDictionary<string, Type> Cmdlets { get; } = typeof(UseExitHandlerCommand).Assembly.GetExportedTypes()
        .Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null)
        .ToDictionary(type => type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : "");

    public static IReadOnlyList<PropertyInfo> Parameters(string cmdlet) =>
        [.. Cmdlets[cmdlet].GetProperties().Where(property => property.GetCustomAttribute<ParameterAttribute>() is not null)];

    /// <summary>Fails if a script does not parse.</summary>
    public static ScriptBlockAst Parse(string script)
    {
        ScriptBlockAst tree = Parser.ParseInput(script, out _, out ParseError[] errors);
        Assert.True(errors.Length == 0, $"{string.Join("; ", errors.Select(error => error.Message))}\n{script}");
        return tree;
    }

    /// <summary>The C# files of the module.</summary>
    public static IEnumerable<string> SourceFiles() => System.IO.Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);

    private static Hashtable ReadManifest()
    {
        ScriptBlockAst tree = Parser.ParseFile(ManifestPath, out _, out ParseError[] errors);
        Assert.Empty(errors);
        return (Hashtable)tree.Find(node => node is HashtableAst, searchNestedScriptBlocks: false)!.SafeGetValue();
    }
}
