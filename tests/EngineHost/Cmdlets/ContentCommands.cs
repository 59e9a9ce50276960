using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Provider;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Get-Content.</summary>
[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContentCommand : PathCommandBase
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("First", "Head")]
    public long TotalCount { get; set; } = -1;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Last")]
    public int Tail { get; set; } = -1;

    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    [Parameter]
    [TextEncoding]
    public Encoding Encoding { get; set; } = TextEncodingAttribute.Default;

    [Parameter]
    public long ReadCount { get; set; } = 1;

    protected override void ProcessPath(string path)
    {
        foreach (var found in SessionState.Path.GetResolvedPSPathFromPSPath(Literal ? WildcardPattern.Escape(path) : path))
        {
            if (found.Provider.Name != "FileSystem")
            {
                WriteObject(FromProvider(found.Path), enumerateCollection: true);
            }
            else if (Directory.Exists(found.ProviderPath))
            {
                WriteError(new ErrorRecord(
                    new UnauthorizedAccessException($"Unable to get content because it is a directory: '{found.ProviderPath}'. Please use 'Get-ChildItem' instead."),
                    "GetContainerContentException",
                    ErrorCategory.InvalidOperation,
                    found.ProviderPath));
            }
            else if (AsByteStream)
            {
                WriteObject(File.ReadAllBytes(found.ProviderPath), enumerateCollection: !Raw);
            }
            else
            {
                WriteFile(found.ProviderPath);
            }
        }
    }

    private void WriteFile(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding);
        if (Raw)
        {
            var text = reader.ReadToEnd();
            if (text.Length > 0)
            {
                WriteObject(text);
            }

            return;
        }

        if (Tail >= 0)
        {
            WriteLines(Lines(reader).TakeLast(Tail));
            return;
        }

        WriteLines(TotalCount >= 0 ? Lines(reader).Take((int)TotalCount) : Lines(reader));
    }

    private void WriteLines(IEnumerable<string> lines)
    {
        if (ReadCount == 1)
        {
            foreach (var line in lines)
            {
                WriteObject(line);
            }

            return;
        }

        foreach (var chunk in lines.Chunk(ReadCount <= 0 ? int.MaxValue / 64 : (int)ReadCount))
        {
            WriteObject(chunk);
        }
    }

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private List<object> FromProvider(string path)
    {
        var result = new List<object>();
        foreach (var reader in InvokeProvider.Content.GetReader([path], force: false, literalPath: true))
        {
            while (reader.Read(0) is { Count: > 0 } items)
            {
                result.AddRange(items.Cast<object>());
            }

            reader.Close();
        }

        return result;
    }
}

/// <summary>What Set-Content and Add-Content share: one writer per path, open from the first value to the last.</summary>
public abstract class WriteContentCommandBase : PSCmdlet, IDisposable
{
    private readonly List<StreamWriter> _files = [];
    private readonly List<IContentWriter> _others = [];
    private bool _open;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Value { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    [Parameter]
    [TextEncoding]
    public Encoding Encoding { get; set; } = TextEncodingAttribute.Default;

    /// <summary>What is there already stays.</summary>
    protected abstract bool Append { get; }

    public void Dispose()
    {
        foreach (var writer in _files)
        {
            writer.Dispose();
        }

        foreach (var writer in _others)
        {
            writer.Close();
        }

        _files.Clear();
        _others.Clear();
        GC.SuppressFinalize(this);
    }

    protected override void ProcessRecord()
    {
        if (!_open)
        {
            _open = true;
            foreach (var path in LiteralPath ?? Path ?? [])
            {
                try
                {
                    Open(path);
                }
                catch (Exception exception) when (exception is not PipelineStoppedException)
                {
                    this.WriteProviderError(exception);
                }
            }
        }

        foreach (var writer in _files)
        {
            foreach (var value in Value ?? [])
            {
                Write(writer, value);
            }
        }

        foreach (var writer in _others)
        {
            writer.Write((Value ?? []).ToList());
        }

        if (PassThru)
        {
            WriteObject(Value, enumerateCollection: true);
        }
    }

    protected override void EndProcessing() => Dispose();

    private void Open(string path)
    {
        var full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        if (provider.Name != "FileSystem")
        {
            if (!Append)
            {
                InvokeProvider.Content.Clear([path], Force, literalPath: true);
            }

            foreach (var writer in InvokeProvider.Content.GetWriter([path], Force, literalPath: true))
            {
                writer.Seek(0, Append ? SeekOrigin.End : SeekOrigin.Begin);
                _others.Add(writer);
            }

            return;
        }

        var files = LiteralPath is null && WildcardPattern.ContainsWildcardCharacters(path)
            ? GetResolvedProviderPathFromPSPath(path, out _).AsEnumerable()
            : [full];
        foreach (var file in files)
        {
            _files.Add(new StreamWriter(new FileStream(file, Append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite), Encoding));
        }
    }

    private void Write(StreamWriter writer, object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (AsByteStream)
        {
            writer.BaseStream.WriteByte(LanguagePrimitives.ConvertTo<byte>(plain));
            return;
        }

        // A list inside the list of values is written item by item.
        if (plain is IEnumerable items and not string)
        {
            foreach (var item in items)
            {
                Write(writer, item);
            }

            return;
        }

        var text = value?.ToString() ?? string.Empty;
        if (NoNewline)
        {
            writer.Write(text);
        }
        else
        {
            writer.WriteLine(text);
        }

        // Others may read along, or the process may be killed: what was written is there.
        writer.Flush();
    }
}

/// <summary>Set-Content.</summary>
[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class SetContentCommand : WriteContentCommandBase
{
    protected override bool Append => false;
}

/// <summary>Add-Content.</summary>
[Cmdlet(VerbsCommon.Add, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class AddContentCommand : WriteContentCommandBase
{
    protected override bool Append => true;
}

/// <summary>Clear-Content.</summary>
[Cmdlet(VerbsCommon.Clear, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class ClearContentCommand : PathCommandBase
{
    protected override void ProcessPath(string path) => InvokeProvider.Content.Clear([path], Force, Literal);
}
