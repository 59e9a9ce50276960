using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Module;

/// <summary>The package for the PowerShell Gallery.</summary>
public sealed partial class PackageTests(PackageFixture package) : IClassFixture<PackageFixture>
{
    public static IEnumerable<TheoryDataRow<string>> Shells() => ShellCommand.Shells();

    [Fact]
    public void The_same_content_gives_the_same_bytes() => Assert.Equal(File.ReadAllBytes(package.First), File.ReadAllBytes(package.Second));

    [Fact]
    public void The_package_has_the_files_of_the_module_at_its_root_and_nothing_else()
    {
        string module = Path.Combine(Repository.Root, "module");
        string[] expected =
        [
            "GracefulExit.Cmdlets.dll",
            "LICENSE",
            .. Directory.EnumerateFiles(module, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(module, file)),
        ];
        using ZipArchive archive = ZipFile.OpenRead(package.First);
        string[] files = [.. archive.Entries.Select(entry => entry.FullName).Where(name => !IsOfTheFormat(name))];
        Assert.Equal(expected.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));

        string installed = Path.Combine(package.ModulePath, "GracefulExit", (string)ModuleFiles.Manifest["ModuleVersion"]!);
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(package.ModulePath, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(installed, file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_package_says_what_the_manifest_says()
    {
        Dictionary<string, string> metadata = Metadata();
        var data = (System.Collections.Hashtable)((System.Collections.Hashtable)ModuleFiles.Manifest["PrivateData"]!)["PSData"]!;
        Assert.Equal("GracefulExit", metadata["id"]);
        Assert.Equal(ModuleFiles.Manifest["ModuleVersion"], metadata["version"]);
        Assert.Equal(ModuleFiles.Manifest["Author"], metadata["authors"]);
        Assert.Equal(ModuleFiles.Manifest["Description"], metadata["description"]);
        Assert.Equal(ModuleFiles.Manifest["Copyright"], metadata["copyright"]);
        Assert.Equal(data["LicenseUri"], metadata["licenseUrl"]);
        Assert.Equal(data["ProjectUri"], metadata["projectUrl"]);
        Assert.DoesNotContain("dependencies", metadata.Keys);

        string[] tags =
        [
            .. ((System.Collections.IEnumerable)data["Tags"]!).Cast<string>(),
            "PSModule",
            "PSIncludes_Cmdlet",
            .. ModuleFiles.Cmdlets.Keys.Select(name => $"PSCmdlet_{name}"),
            .. ModuleFiles.Cmdlets.Keys.Select(name => $"PSCommand_{name}"),
        ];
        Assert.Contains("PSEdition_Core", tags);
        Assert.Equal(tags.Order(StringComparer.Ordinal), metadata["tags"].Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_release_notes_are_the_newest_entry_of_the_changelog()
    {
        string changelog = File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md"));
        string newest = Heading().Split(changelog)[1];
        Assert.Equal("## " + newest.TrimEnd(), Metadata()["releaseNotes"].ReplaceLineEndings("\n"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_installed_module_is_found_by_its_name(string shell)
    {
        string[] output = ShellCommand.Run(
            shell,
            """
            # Not imported by name: found as the command is.
            Use-ExitHandler { 'body' } -OnExit { 'exit block' }
            Import-Module GracefulExit -ErrorAction Stop
            "$((Get-Module GracefulExit).ModuleBase)"
            (Get-Module GracefulExit).ExportedCommands.Keys | Sort-Object
            (Get-Help Use-ExitHandler).examples.example.Count -ge 4
            @(Get-Help about_GracefulExit).Count
            """,
            environment => environment["PSModulePath"] = package.ModulePath);
        string installed = Path.Combine(package.ModulePath, "GracefulExit", (string)ModuleFiles.Manifest["ModuleVersion"]!);
        Assert.Equal(["body", "exit block", installed, "Get-ExitHandler", "Use-ExitHandler", "Wait-ExitRequest", "True", "1"], output);
    }

    // The package format's own.
    private static bool IsOfTheFormat(string name) =>
        name is "[Content_Types].xml" or "GracefulExit.nuspec" || name.StartsWith("_rels/", StringComparison.Ordinal) || name.StartsWith("package/", StringComparison.Ordinal);

    private Dictionary<string, string> Metadata()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.First);
        using Stream stream = archive.GetEntry("GracefulExit.nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata").Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value);
    }

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
