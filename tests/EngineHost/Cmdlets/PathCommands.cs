using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>From PowerShell paths to files.</summary>
internal static class FilePaths
{
    /// <summary>The file to create or to write to; its folder must exist, the file need not.</summary>
    public static string ForWriting(PSCmdlet cmdlet, string path, bool literal)
    {
        if (!literal)
        {
            try
            {
                var found = cmdlet.GetResolvedProviderPathFromPSPath(path, out _);
                if (found.Count == 1)
                {
                    return found[0];
                }
            }
            catch (ItemNotFoundException)
            {
                // A new file.
            }
        }

        return cmdlet.GetUnresolvedProviderPathFromPSPath(path);
    }

    /// <summary>Reports what a provider threw as a non-terminating error with the engine's own record.</summary>
    public static void WriteProviderError(this PSCmdlet cmdlet, Exception exception)
    {
        if (exception is FlowControlException or PipelineStoppedException)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception);
        }

        cmdlet.WriteError(exception is IContainsErrorRecord container
            ? new ErrorRecord(container.ErrorRecord, exception)
            : new ErrorRecord(exception, exception.GetType().Name, ErrorCategory.NotSpecified, null));
    }
}

/// <summary>Accepts an encoding by its PowerShell name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextEncodingAttribute : ArgumentTransformationAttribute
{
    /// <summary>UTF-8 without a byte order mark.</summary>
    public static Encoding Default { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            int codePage => Encoding.GetEncoding(codePage),
            string name => name.ToUpperInvariant() switch
            {
                "UTF8" or "UTF8NOBOM" or "DEFAULT" => Default,
                "UTF8BOM" => Encoding.UTF8,
                "ASCII" or "OEM" => Encoding.ASCII,
                "UNICODE" or "STRING" => Encoding.Unicode,
                "BIGENDIANUNICODE" => Encoding.BigEndianUnicode,
                "UTF32" => Encoding.UTF32,
                "BIGENDIANUTF32" => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
                "ANSI" or "LATIN1" => Encoding.Latin1,
                _ => Encoding.GetEncoding(name),
            },
            _ => value!,
        };
    }
}

/// <summary>A cmdlet over paths that may have wildcards, or literal ones.</summary>
public abstract class PathCommandBase : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The paths are not patterns.</summary>
    protected bool Literal => ParameterSetName == "LiteralPath";

    /// <summary>The paths given.</summary>
    protected string[] Paths => (Literal ? LiteralPath : Path) ?? [];

    protected override void ProcessRecord()
    {
        foreach (var path in Paths)
        {
            try
            {
                ProcessPath(path);
            }
            catch (Exception exception) when (exception is not PipelineStoppedException)
            {
                this.WriteProviderError(exception);
            }
        }
    }

    /// <summary>Does the work for one path; what it throws becomes a non-terminating error.</summary>
    protected abstract void ProcessPath(string path);
}

/// <summary>Test-Path.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
public sealed class TestPathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[]? LiteralPath { get; set; }

    [Parameter]
    [Alias("Type")]
    public TestPathType PathType { get; set; }

    [Parameter]
    public SwitchParameter IsValid { get; set; }

    protected override void ProcessRecord()
    {
        var literal = ParameterSetName == "LiteralPath";
        foreach (var path in (literal ? LiteralPath : Path) ?? [])
        {
            WriteObject(!string.IsNullOrWhiteSpace(path) && Test(path, literal));
        }
    }

    private bool Test(string path, bool literal)
    {
        try
        {
            if (IsValid)
            {
                return SessionState.Path.IsValid(path);
            }

            if (!InvokeProvider.Item.Exists(path, force: false, literal))
            {
                return false;
            }

            return PathType == TestPathType.Any
                || ResolvesToContainer(path, literal) == (PathType == TestPathType.Container);
        }
        catch (Exception exception) when (exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or IOException)
        {
            return false;
        }
    }

    private bool ResolvesToContainer(string path, bool literal)
        => literal
            ? InvokeProvider.Item.IsContainer(WildcardPattern.Escape(path))
            : InvokeProvider.Item.IsContainer(path);
}

/// <summary>What kind of item Test-Path looks for.</summary>
public enum TestPathType
{
    Any,
    Container,
    Leaf,
}

/// <summary>Join-Path.</summary>
[Cmdlet(VerbsCommon.Join, "Path")]
public sealed class JoinPathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string[]? ChildPath { get; set; }

    [Parameter(Position = 2, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] AdditionalChildPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Resolve { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            var joined = (ChildPath ?? []).Concat(AdditionalChildPath).Aggregate(path, (left, right) => SessionState.Path.Combine(left, right ?? string.Empty));
            if (!Resolve)
            {
                WriteObject(joined);
                continue;
            }

            try
            {
                foreach (var found in SessionState.Path.GetResolvedPSPathFromPSPath(joined))
                {
                    WriteObject(found.ProviderPath);
                }
            }
            catch (ItemNotFoundException exception)
            {
                this.WriteProviderError(exception);
            }
        }
    }
}

/// <summary>Split-Path.</summary>
[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "ParentSet")]
public sealed class SplitPathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Qualifier { get; set; }

    [Parameter]
    public SwitchParameter NoQualifier { get; set; }

    [Parameter]
    public SwitchParameter Parent { get; set; }

    [Parameter]
    public SwitchParameter Leaf { get; set; }

    [Parameter]
    public SwitchParameter LeafBase { get; set; }

    [Parameter]
    public SwitchParameter Extension { get; set; }

    [Parameter]
    public SwitchParameter IsAbsolute { get; set; }

    [Parameter]
    public SwitchParameter Resolve { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var given in Path)
        {
            foreach (var path in Resolve ? SessionState.Path.GetResolvedPSPathFromPSPath(given).Select(found => found.Path) : [given])
            {
                var colon = path.IndexOf(':', StringComparison.Ordinal);
                WriteObject(
                    IsAbsolute ? SessionState.Path.IsPSAbsolute(path, out _)
                    : Qualifier ? path[..(colon + 1)]
                    : NoQualifier ? path[(colon + 1)..]
                    : Leaf ? SessionState.Path.ParseChildName(path)
                    : LeafBase ? System.IO.Path.GetFileNameWithoutExtension(SessionState.Path.ParseChildName(path))
                    : Extension ? System.IO.Path.GetExtension(SessionState.Path.ParseChildName(path))
                    : (object)SessionState.Path.ParseParent(path, string.Empty));
            }
        }
    }
}

/// <summary>Resolve-Path.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
public sealed class ResolvePathCommand : PathCommandBase
{
    [Parameter]
    public SwitchParameter Relative { get; set; }

    protected override void ProcessPath(string path)
    {
        foreach (var found in SessionState.Path.GetResolvedPSPathFromPSPath(Literal ? WildcardPattern.Escape(path) : path))
        {
            if (Relative)
            {
                var relative = SessionState.Path.NormalizeRelativePath(found.Path, SessionState.Path.CurrentLocation.Path);
                WriteObject(System.IO.Path.IsPathRooted(relative) || relative.StartsWith('.') ? relative : System.IO.Path.Combine(".", relative));
            }
            else
            {
                WriteObject(found);
            }
        }
    }
}

/// <summary>Convert-Path.</summary>
[Cmdlet(VerbsData.Convert, "Path", DefaultParameterSetName = "Path")]
public sealed class ConvertPathCommand : PathCommandBase
{
    protected override void ProcessPath(string path)
        => WriteObject(GetResolvedProviderPathFromPSPath(Literal ? WildcardPattern.Escape(path) : path, out _), enumerateCollection: true);
}

/// <summary>Get-Location.</summary>
[Cmdlet(VerbsCommon.Get, "Location", DefaultParameterSetName = "Location")]
public sealed class GetLocationCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Stack")]
    public SwitchParameter Stack { get; set; }

    [Parameter(ParameterSetName = "Stack")]
    public string[] StackName { get; set; } = [string.Empty];

    [Parameter(ParameterSetName = "Location")]
    public string[] PSProvider { get; set; } = [];

    protected override void ProcessRecord()
    {
        if (Stack)
        {
            foreach (var name in StackName)
            {
                WriteObject(SessionState.Path.LocationStack(name), enumerateCollection: true);
            }
        }
        else if (PSProvider.Length > 0)
        {
            foreach (var provider in PSProvider)
            {
                WriteObject(SessionState.Path.CurrentProviderLocation(provider));
            }
        }
        else
        {
            WriteObject(SessionState.Path.CurrentLocation);
        }
    }
}

/// <summary>Set-Location.</summary>
[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
public sealed class SetLocationCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        var path = LiteralPath is not null ? WildcardPattern.Escape(LiteralPath) : Path.Length == 0 ? "~" : Path;
        try
        {
            var location = SessionState.Path.SetLocation(path);
            if (PassThru)
            {
                WriteObject(location);
            }
        }
        catch (Exception exception) when (exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or PSArgumentException)
        {
            this.WriteProviderError(exception);
        }
    }
}

/// <summary>Push-Location.</summary>
[Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
public sealed class PushLocationCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public string StackName { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        SessionState.Path.PushCurrentLocation(StackName);
        var path = LiteralPath is not null ? WildcardPattern.Escape(LiteralPath) : Path;
        try
        {
            var location = path.Length > 0 ? SessionState.Path.SetLocation(path) : SessionState.Path.CurrentLocation;
            if (PassThru)
            {
                WriteObject(location);
            }
        }
        catch (Exception exception) when (exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or PSArgumentException)
        {
            SessionState.Path.PopLocation(StackName);
            this.WriteProviderError(exception);
        }
    }
}

/// <summary>Pop-Location.</summary>
[Cmdlet(VerbsCommon.Pop, "Location")]
public sealed class PopLocationCommand : PSCmdlet
{
    [Parameter]
    public string StackName { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        var location = SessionState.Path.PopLocation(StackName);
        if (PassThru)
        {
            WriteObject(location);
        }
    }
}
