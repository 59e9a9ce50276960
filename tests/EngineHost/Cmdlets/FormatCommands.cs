using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using GracefulExit.Tests.EngineHost.Host;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>The engine's formatting core, to which the cmdlets below only give a shape or a destination.</summary>
internal static class FormatCore
{
    private const string Namespace = "Microsoft.PowerShell.Commands.Internal.Format.";

    /// <summary>Makes a command format its input in a shape.</summary>
    public static void UseShape(FrontEndCommandBase command, string shape)
    {
        var shapes = EngineInternals.TypeNamed(Namespace + "FormatShape");
        EngineInternals.Set(command, "implementation", EngineInternals.Create(Namespace + "InnerFormatShapeCommand", Enum.Parse(shapes, shape)));
    }

    /// <summary>Makes a command write out its formatted input.</summary>
    public static void UseOutput(FrontEndCommandBase command)
        => EngineInternals.Set(command, "implementation", EngineInternals.Create(Namespace + "OutputManagerInner"));

    /// <summary>Sets where the output goes, and how wide it is.</summary>
    public static void SetWriter(FrontEndCommandBase command, TextWriter writer, int width, bool noNewline)
        => EngineInternals.Set(
            EngineInternals.Get(command, "implementation")!,
            "LineOutput",
            EngineInternals.Create(Namespace + "TextWriterLineOutput", writer, width, noNewline));
}

/// <summary>Format-Table.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => FormatCore.UseShape(this, "Table");
}

/// <summary>Format-List.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => FormatCore.UseShape(this, "List");
}

/// <summary>Out-String.</summary>
[Cmdlet(VerbsData.Out, "String", DefaultParameterSetName = "NoNewLineFormatting")]
public sealed class OutStringCommand : FrontEndCommandBase
{
    private readonly StringBuilder _text = new();

    public OutStringCommand() => FormatCore.UseOutput(this);

    [Parameter(ParameterSetName = "StreamFormatting")]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    [Parameter(ParameterSetName = "NoNewLineFormatting")]
    public SwitchParameter NoNewline { get; set; }

    protected override void BeginProcessing()
    {
        FormatCore.SetWriter(this, new LineWriter(WriteText), Width, noNewline: false);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (!Stream)
        {
            WriteObject(_text.ToString());
        }
    }

    private void WriteText(string line)
    {
        if (Stream)
        {
            WriteObject(line);
        }
        else
        {
            _text.Append(line);
            if (!NoNewline)
            {
                _text.AppendLine();
            }
        }
    }

    private sealed class LineWriter(Action<string> write) : TextWriter
    {
        public override Encoding Encoding => Encoding.Unicode;

        public override void WriteLine(string? value) => write(value ?? string.Empty);

        public override void Write(string? value) => write(value ?? string.Empty);
    }
}

/// <summary>Out-File, which also is what the engine runs for <c>&gt;</c> and <c>&gt;&gt;</c>.</summary>
[Cmdlet(VerbsData.Out, "File", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath")]
public sealed class OutFileCommand : FrontEndCommandBase
{
    private StreamWriter? _writer;
    private bool _hasInput;

    public OutFileCommand() => FormatCore.UseOutput(this);

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")]
    [Alias("Path")]
    public string? FilePath { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter(Position = 1)]
    [TextEncoding]
    public Encoding Encoding { get; set; } = TextEncodingAttribute.Default;

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    protected override void BeginProcessing()
    {
        var path = LiteralPath ?? FilePath!;
        if (!ShouldProcess(path, "Output to File"))
        {
            return;
        }

        try
        {
            var file = FilePaths.ForWriting(this, path, literal: LiteralPath is not null);
            _writer = new StreamWriter(
                new FileStream(file, NoClobber ? FileMode.CreateNew : Append ? FileMode.Append : FileMode.Create, FileAccess.Write, Force ? FileShare.ReadWrite : FileShare.Read),
                Encoding);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(new ErrorRecord(exception, "FileOpenFailure", ErrorCategory.OpenError, null));
        }

        FormatCore.SetWriter(this, _writer!, Width, NoNewline);
        base.BeginProcessing();
    }

    protected override void ProcessRecord()
    {
        if (_writer is null)
        {
            return;
        }

        _hasInput = true;
        base.ProcessRecord();
        _writer.Flush();
    }

    protected override void EndProcessing()
    {
        // Behind ">" there may have been nothing to write; then the formatting has not begun either.
        if (_writer is not null && _hasInput)
        {
            base.EndProcessing();
            _writer.Flush();
        }

        _writer?.Dispose();
    }

    protected override void InternalDispose()
    {
        base.InternalDispose();
        _writer?.Dispose();
    }
}

/// <summary>Update-FormatData.</summary>
[Cmdlet(VerbsData.Update, "FormatData", SupportsShouldProcess = true)]
public sealed class UpdateFormatDataCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("PSPath", "Path")]
    public string[] AppendPath { get; set; } = [];

    [Parameter]
    public string[] PrependPath { get; set; } = [];

    protected override void ProcessRecord()
    {
        var formats = EngineInternals.InitialStateOf(this).Formats;
        var known = formats.ToArray();
        formats.Clear();
        formats.Add(PrependPath.Select(Entry));
        formats.Add(known);
        formats.Add(AppendPath.Select(Entry));
        EngineInternals.ReloadFormats(this);
    }

    private SessionStateFormatEntry Entry(string path)
        => new(GetResolvedProviderPathFromPSPath(path, out _)[0]);
}
