using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.PowerShell.Commands;

/// <summary>ConvertTo-Json.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Compressed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<object?> _items = [];
    private bool _truncated;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_items.Count == 0)
        {
            return;
        }

        var node = Convert(_items.Count > 1 || AsArray ? _items : _items[0], depth: 0);
        if (_truncated)
        {
            WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
        }

        WriteObject(node is null ? "null" : node.ToJsonString(Compress ? Compressed : Indented));
    }

    private JsonNode? Convert(object? value, int depth)
    {
        var wrapped = value as PSObject;
        var plain = wrapped?.BaseObject ?? value;
        switch (plain)
        {
            case null or DBNull:
                return null;
            case string text:
                return JsonValue.Create(text);
            case bool flag:
                return JsonValue.Create(flag);
            case char character:
                return JsonValue.Create(character.ToString());
            case Enum enumeration:
                return EnumsAsStrings ? JsonValue.Create(enumeration.ToString()) : JsonValue.Create(System.Convert.ToInt64(enumeration, CultureInfo.InvariantCulture));
            case double number:
                return JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture) is var shown && shown.All(char.IsAsciiDigit) ? shown + ".0" : shown);
            case sbyte or byte or short or ushort or int or uint or long or ulong or float or decimal:
                return JsonNode.Parse(System.Convert.ToString(plain, CultureInfo.InvariantCulture)!);
            case DateTime or DateTimeOffset:
                return JsonSerializer.SerializeToNode(plain);
            case Guid or Uri or Version or ScriptBlock when depth > Depth || plain is Guid or Uri:
                return JsonValue.Create(plain.ToString());
        }

        if (depth > Depth)
        {
            _truncated = true;
            return JsonValue.Create(LanguagePrimitives.ConvertTo<string>(value));
        }

        if (plain is IDictionary dictionary)
        {
            var table = new JsonObject();
            foreach (DictionaryEntry entry in dictionary)
            {
                table[entry.Key.ToString()!] = Convert(entry.Value, depth + 1);
            }

            return table;
        }

        if (plain is IEnumerable items)
        {
            var array = new JsonArray();
            foreach (var item in items)
            {
                array.Add(Convert(item, depth + 1));
            }

            return array;
        }

        var result = new JsonObject();
        foreach (var property in PSObject.AsPSObject(value).Properties.Where(property => property.IsGettable))
        {
            try
            {
                result[property.Name] = Convert(property.Value, depth + 1);
            }
            catch (GetValueException)
            {
                result[property.Name] = null;
            }
        }

        return result;
    }
}

/// <summary>ConvertFrom-Json.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    public int Depth { get; set; } = 1024;

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord() => _lines.Add(InputObject);

    protected override void EndProcessing()
    {
        var text = string.Join('\n', _lines);
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = Depth });
            WriteObject(Convert(document.RootElement), enumerateCollection: !NoEnumerate);
        }
        catch (JsonException exception)
        {
            ThrowTerminatingError(new ErrorRecord(
                new ArgumentException("Conversion from JSON failed with error: " + exception.Message, exception),
                "System.ArgumentException",
                ErrorCategory.NotSpecified,
                null));
        }
    }

    private object? Convert(JsonElement element)
        => element.ValueKind switch
        {
            JsonValueKind.String => element.TryGetDateTime(out var date) && element.GetString()!.Contains('T', StringComparison.Ordinal) ? date : element.GetString(),
            JsonValueKind.Number => element.TryGetInt64(out var number) ? number : element.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Array => element.EnumerateArray().Select(Convert).ToArray(),
            JsonValueKind.Object when AsHashtable => ToTable(element),
            JsonValueKind.Object => ToObject(element),
            _ => null,
        };

    private OrderedHashtable ToTable(JsonElement element)
    {
        var table = new OrderedHashtable();
        foreach (var property in element.EnumerateObject())
        {
            table[property.Name] = Convert(property.Value);
        }

        return table;
    }

    private PSObject ToObject(JsonElement element)
    {
        var result = new PSObject();
        foreach (var property in element.EnumerateObject())
        {
            result.Properties.Add(new PSNoteProperty(property.Name, Convert(property.Value)));
        }

        return result;
    }
}
