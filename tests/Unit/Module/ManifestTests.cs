using System.Collections;
using System.Reflection;
using System.Xml.Linq;
using GracefulExit.Commands;

namespace GracefulExit.Unit.Module;

public sealed class ManifestTests
{
    [Fact]
    public void The_manifest_exports_exactly_the_public_cmdlets()
    {
        Assert.Equal(ModuleFiles.Cmdlets.Keys.Order(), Strings("CmdletsToExport").Order());
        Assert.All(["FunctionsToExport", "AliasesToExport", "VariablesToExport"], key => Assert.Empty(Strings(key)));
    }

    [Fact]
    public void Only_what_cmdlets_take_and_return_is_public_in_the_core() => Assert.Equal(
        ["AfterSignal", "ExitContext", "ExitHandlerInfo", "ExitHandlerKind", "ExitHandlerState", "ExitReason", "PushedExitBlock", "Signal"],
        typeof(ExitContext).Assembly.GetExportedTypes().Select(type => type.Name).Order());

    [Fact]
    public void The_assembly_of_the_cmdlets_has_nothing_else_that_is_public_but_what_loads_the_core() =>
        Assert.Equal([typeof(CoreLoader)], typeof(UseExitHandlerCommand).Assembly.GetExportedTypes().Except(ModuleFiles.Cmdlets.Values));

    [Fact]
    public void The_assemblies_have_the_version_of_the_manifest() => Assert.All(["GracefulExit.Cmdlets.dll", "GracefulExit.Core.dll"], file =>
    {
        Version version = Version.Parse((string)ModuleFiles.Manifest["ModuleVersion"]!);
        Version assembly = AssemblyName.GetAssemblyName(Path.Combine(ModuleFiles.Directory, file)).Version!;
        Assert.Equal(version, new Version(assembly.Major, assembly.Minor, assembly.Build));
    });

    [Fact]
    public void Every_file_that_the_manifest_names_exists() =>
        Assert.All(Strings("RootModule").Concat(["GracefulExit.Core.dll", "GracefulExit.format.ps1xml"]), name => Assert.True(File.Exists(Path.Combine(ModuleFiles.Directory, name)), name));

    [Fact]
    public void The_module_has_its_help_and_its_licence()
    {
        Assert.True(File.Exists(ModuleFiles.HelpPath));
        Assert.True(File.Exists(ModuleFiles.AboutPath));
        Assert.True(File.Exists(Path.Combine(ModuleFiles.Directory, "LICENSE")));
    }

    [Fact]
    public void The_module_needs_the_PowerShell_that_it_is_built_for()
    {
        Assert.Equal("7.6", ModuleFiles.Manifest["PowerShellVersion"]);
        Assert.Equal(["Core"], Strings("CompatiblePSEditions"));
    }

    [Fact]
    public void Every_view_is_for_a_type_of_the_assembly()
    {
        XDocument format = XDocument.Load(Path.Combine(ModuleFiles.Directory, "GracefulExit.format.ps1xml"));
        string[] types = [.. format.Descendants("TypeName").Select(name => name.Value)];
        Assert.NotEmpty(types);
        Assert.All(types, name => Assert.NotNull(typeof(ExitContext).Assembly.GetType(name)));
    }

    private static IEnumerable<string> Strings(string key) => ModuleFiles.Manifest[key] switch
    {
        string one => [one],
        IEnumerable many => many.Cast<string>(),
        _ => throw new KeyNotFoundException(key),
    };
}
