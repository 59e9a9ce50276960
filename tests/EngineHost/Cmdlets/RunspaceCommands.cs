using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using GracefulExit.Tests.EngineHost.Host;

namespace Microsoft.PowerShell.Commands;

/// <summary>Get-Runspace.</summary>
[Cmdlet(VerbsCommon.Get, "Runspace", DefaultParameterSetName = "NameParameterSet")]
public sealed class GetRunspaceCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "NameParameterSet")]
    public string[] Name { get; set; } = ["*"];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "IdParameterSet")]
    public int[] Id { get; set; } = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "InstanceIdParameterSet")]
    public Guid[] InstanceId { get; set; } = [];

    protected override void ProcessRecord()
    {
        var patterns = Name.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToList();
        WriteObject(
            EngineInternals.AllRunspaces().Where(runspace => ParameterSetName switch
            {
                "IdParameterSet" => Id.Contains(runspace.Id),
                "InstanceIdParameterSet" => InstanceId.Contains(runspace.InstanceId),
                _ => patterns.Any(pattern => pattern.IsMatch(runspace.Name)),
            }).ToList(),
            enumerateCollection: true);
    }
}

/// <summary>Get-PSCallStack.</summary>
[Cmdlet(VerbsCommon.Get, "PSCallStack")]
public sealed class GetPSCallStackCommand : PSCmdlet
{
    protected override void ProcessRecord()
        => WriteObject(Runspace.DefaultRunspace.Debugger.GetCallStack().ToList(), enumerateCollection: true);
}

/// <summary>Import-PowerShellDataFile: a file of constants, evaluated without running anything.</summary>
[Cmdlet(VerbsData.Import, "PowerShellDataFile", DefaultParameterSetName = "ByPath")]
public sealed class ImportPowerShellDataFileCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "ByPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter SkipLimitCheck { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var file in Path.SelectMany(path => GetResolvedProviderPathFromPSPath(path, out _)).Concat(LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)))
        {
            var tree = Parser.ParseFile(file, out _, out var errors);
            if (errors.Length > 0 || tree.Find(node => node is HashtableAst, searchNestedScriptBlocks: false) is not HashtableAst table)
            {
                WriteError(new ErrorRecord(
                    new InvalidOperationException($"The file '{file}' could not be parsed as a PowerShell Data File."),
                    "CouldNotParseAsPowerShellDataFile",
                    ErrorCategory.InvalidData,
                    file));
                continue;
            }

            WriteObject((Hashtable)table.SafeGetValue());
        }
    }
}

/// <summary>Update-TypeData, for members of one type.</summary>
[Cmdlet(VerbsData.Update, "TypeData", DefaultParameterSetName = "FileSet", SupportsShouldProcess = true)]
public sealed class UpdateTypeDataCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "FileSet", ValueFromPipeline = true)]
    [Alias("PSPath", "Path")]
    public string[] AppendPath { get; set; } = [];

    [Parameter(ParameterSetName = "FileSet")]
    public string[] PrependPath { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "DynamicTypeSet", ValueFromPipelineByPropertyName = true)]
    public string TypeName { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "DynamicTypeSet")]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.NoteProperty;

    [Parameter(ParameterSetName = "DynamicTypeSet")]
    public string? MemberName { get; set; }

    [Parameter(ParameterSetName = "DynamicTypeSet")]
    public object? Value { get; set; }

    [Parameter(ParameterSetName = "DynamicTypeSet")]
    public string[] DefaultDisplayPropertySet { get; set; } = [];

    [Parameter(ParameterSetName = "DynamicTypeSet")]
    public string? DefaultDisplayProperty { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (ParameterSetName == "FileSet")
        {
            var files = PrependPath.Concat(AppendPath).SelectMany(path => GetResolvedProviderPathFromPSPath(path, out _));
            EngineInternals.AddTypes(this, [.. files.Select(file => new SessionStateTypeEntry(file))]);
            return;
        }

        var data = new TypeData(TypeName) { IsOverride = Force };
        if (DefaultDisplayPropertySet.Length > 0)
        {
            data.DefaultDisplayPropertySet = new PropertySetData(DefaultDisplayPropertySet);
        }

        data.DefaultDisplayProperty = DefaultDisplayProperty;
        if (MemberName is not null)
        {
            var plain = Value is PSObject wrapped ? wrapped.BaseObject : Value;
            data.Members[MemberName] = MemberType switch
            {
                PSMemberTypes.ScriptProperty => new ScriptPropertyData(MemberName, plain as ScriptBlock),
                PSMemberTypes.ScriptMethod => new ScriptMethodData(MemberName, plain as ScriptBlock),
                PSMemberTypes.AliasProperty => new AliasPropertyData(MemberName, plain?.ToString()),
                _ => new NotePropertyData(MemberName, Value),
            };
        }

        EngineInternals.AddTypes(this, new SessionStateTypeEntry(data, isRemove: false));
    }
}
