using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Get-Item.</summary>
[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public sealed class GetItemCommand : PathCommandBase
{
    protected override void ProcessPath(string path)
        => WriteObject(InvokeProvider.Item.Get([path], Force, Literal), enumerateCollection: true);
}

/// <summary>Get-ChildItem.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Items")]
public sealed class GetChildItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Items", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralItems", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public string[] Include { get; set; } = [];

    [Parameter]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    [Alias("s", "r")]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public uint? Depth { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    [Parameter]
    [Alias("ad")]
    public SwitchParameter Directory { get; set; }

    [Parameter]
    [Alias("af")]
    public SwitchParameter File { get; set; }

    protected override void ProcessRecord()
    {
        var literal = ParameterSetName == "LiteralItems";
        var paths = literal ? LiteralPath : Path.Length == 0 ? ["."] : Path;
        foreach (var path in paths)
        {
            try
            {
                foreach (var item in InvokeProvider.ChildItem.Get([path], Recurse || Depth is not null, Depth ?? uint.MaxValue, Force, literal))
                {
                    if (IsWanted(item))
                    {
                        WriteObject(Name ? Relative(path, item) : item);
                    }
                }
            }
            catch (Exception exception) when (exception is not PipelineStoppedException)
            {
                this.WriteProviderError(exception);
            }
        }
    }

    private static bool Matches(string pattern, string name) => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(name);

    private bool IsWanted(PSObject item)
    {
        var name = item.Properties["PSChildName"]?.Value as string ?? string.Empty;
        var container = item.Properties["PSIsContainer"]?.Value is true;
        return (!Directory || container)
            && (!File || !container)
            && (Filter is null || Matches(Filter, name))
            && (Include.Length == 0 || Include.Any(pattern => Matches(pattern, name)))
            && !Exclude.Any(pattern => Matches(pattern, name));
    }

    private string Relative(string path, PSObject item)
        => item.BaseObject is FileSystemInfo file && (Recurse || Depth is not null)
            ? System.IO.Path.GetRelativePath(GetUnresolvedProviderPathFromPSPath(path), file.FullName)
            : item.Properties["PSChildName"]?.Value as string ?? string.Empty;
}

/// <summary>New-Item: files, directories and whatever other providers make.</summary>
[Cmdlet(VerbsCommon.New, "Item", DefaultParameterSetName = "pathSet", SupportsShouldProcess = true)]
public sealed class NewItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "pathSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "nameSet", ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "nameSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? Name { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    public string? ItemType { get; set; }

    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target")]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path.Length == 0 ? ["."] : Path)
        {
            if (!ShouldProcess(path, "New-Item"))
            {
                continue;
            }

            try
            {
                WriteObject(InvokeProvider.Item.New([path], Name, ItemType, Value, Force), enumerateCollection: true);
            }
            catch (Exception exception) when (exception is not PipelineStoppedException)
            {
                this.WriteProviderError(exception);
            }
        }
    }
}

/// <summary>Remove-Item.</summary>
[Cmdlet(VerbsCommon.Remove, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class RemoveItemCommand : PathCommandBase
{
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    protected override void ProcessPath(string path)
    {
        if (ShouldProcess(path))
        {
            InvokeProvider.Item.Remove([path], Recurse, Force, Literal);
        }
    }
}

/// <summary>Set-Item.</summary>
[Cmdlet(VerbsCommon.Set, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class SetItemCommand : PathCommandBase
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessPath(string path)
    {
        var items = InvokeProvider.Item.Set([path], Value, Force, Literal);
        if (PassThru)
        {
            WriteObject(items, enumerateCollection: true);
        }
    }
}

/// <summary>Copy-Item.</summary>
[Cmdlet(VerbsCommon.Copy, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class CopyItemCommand : PathCommandBase
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessPath(string path)
    {
        var items = InvokeProvider.Item.Copy([path], Destination, Recurse, CopyContainers.CopyTargetContainer, Force, Literal);
        if (PassThru)
        {
            WriteObject(items, enumerateCollection: true);
        }
    }
}

/// <summary>Move-Item.</summary>
[Cmdlet(VerbsCommon.Move, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class MoveItemCommand : PathCommandBase
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessPath(string path)
    {
        var items = InvokeProvider.Item.Move([path], Destination, Force, Literal);
        if (PassThru)
        {
            WriteObject(items, enumerateCollection: true);
        }
    }
}

/// <summary>Rename-Item.</summary>
[Cmdlet(VerbsCommon.Rename, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath")]
public sealed class RenameItemCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByPath")]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string NewName { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        try
        {
            var items = InvokeProvider.Item.Rename(LiteralPath is null ? Path : WildcardPattern.Escape(LiteralPath), NewName, Force);
            if (PassThru)
            {
                WriteObject(items, enumerateCollection: true);
            }
        }
        catch (Exception exception) when (exception is not PipelineStoppedException)
        {
            this.WriteProviderError(exception);
        }
    }
}

/// <summary>Get-PSDrive.</summary>
[Cmdlet(VerbsCommon.Get, "PSDrive")]
public sealed class GetPSDriveCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            WriteObject(SessionState.Drive.GetAll().Where(drive => pattern.IsMatch(drive.Name)).OrderBy(drive => drive.Name), enumerateCollection: true);
        }
    }
}

/// <summary>New-TemporaryFile.</summary>
[Cmdlet(VerbsCommon.New, "TemporaryFile")]
public sealed class NewTemporaryFileCommand : Cmdlet
{
    protected override void EndProcessing() => WriteObject(new FileInfo(System.IO.Path.GetTempFileName()));
}
