using System.Collections;
using System.Globalization;
using System.Management.Automation;
using GracefulExit.Tests.EngineHost.Host;

namespace Microsoft.PowerShell.Commands;

/// <summary>Select-Object; <c>-First</c> ends the commands before it as soon as it has enough.</summary>
[Cmdlet(VerbsCommon.Select, "Object", DefaultParameterSetName = "DefaultParameter")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _last = new();
    private readonly List<PSObject> _unique = [];
    private int _index = -1;
    private int _written;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, ParameterSetName = "DefaultParameter")]
    [Parameter(Position = 0, ParameterSetName = "SkipLastParameter")]
    public object[] Property { get; set; } = [];

    [Parameter(ParameterSetName = "DefaultParameter")]
    [Parameter(ParameterSetName = "SkipLastParameter")]
    public string[] ExcludeProperty { get; set; } = [];

    [Parameter(ParameterSetName = "DefaultParameter")]
    [Parameter(ParameterSetName = "SkipLastParameter")]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseInsensitive { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int? First { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    [Parameter(ParameterSetName = "SkipLastParameter", Mandatory = true)]
    [ValidateRange(0, int.MaxValue)]
    public int SkipLast { get; set; }

    [Parameter(ParameterSetName = "IndexParameter")]
    public int[]? Index { get; set; }

    [Parameter(ParameterSetName = "SkipIndexParameter")]
    public int[]? SkipIndex { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [Parameter(ParameterSetName = "IndexParameter")]
    public SwitchParameter Wait { get; set; }

    // Not only in ProcessRecord: with "-First 0" nothing before needs to begin its work.
    protected override void BeginProcessing()
    {
        if (First == 0 && Last is null)
        {
            StopUpstream();
        }
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        _index++;
        if (SkipIndex is not null)
        {
            if (!SkipIndex.Contains(_index))
            {
                Emit(InputObject);
            }
        }
        else if (Index is not null)
        {
            if (Index.Contains(_index))
            {
                Emit(InputObject);
            }

            if (_index >= Index.Max())
            {
                StopUpstream();
            }
        }
        else if (ParameterSetName == "SkipLastParameter")
        {
            if (_index >= Skip)
            {
                _last.Enqueue(InputObject);
                if (_last.Count > SkipLast)
                {
                    Emit(_last.Dequeue());
                }
            }
        }
        else if (Last is { } last && First is null)
        {
            // With -Last, -Skip counts from the end.
            _last.Enqueue(InputObject);
            if (_last.Count > last + Skip)
            {
                _last.Dequeue();
            }
        }
        else if (_index >= Skip)
        {
            if (First is { } first && _written >= first)
            {
                KeepLast(InputObject);
                return;
            }

            _written++;
            Emit(InputObject);
            if (First == _written && Last is null)
            {
                StopUpstream();
            }
        }
    }

    protected override void EndProcessing()
    {
        var count = ParameterSetName == "SkipLastParameter" ? 0 : Last is not null && First is null ? _last.Count - Skip : _last.Count;
        for (var i = 0; i < count; i++)
        {
            Emit(_last.Dequeue());
        }

        if (Unique)
        {
            foreach (var item in _unique)
            {
                WriteObject(item);
            }
        }
    }

    private static string? NameOf(Hashtable calculated)
        => calculated.Keys.Cast<object>().Select(key => key.ToString()!).FirstOrDefault(key => "NAME".StartsWith(key, StringComparison.OrdinalIgnoreCase) || "LABEL".StartsWith(key, StringComparison.OrdinalIgnoreCase)) is { } key
            ? calculated[key]?.ToString()
            : null;

    private static object? ExpressionOf(Hashtable calculated)
        => calculated.Keys.Cast<object>().Select(key => key.ToString()!).FirstOrDefault(key => "EXPRESSION".StartsWith(key, StringComparison.OrdinalIgnoreCase)) is { } key
            ? calculated[key]
            : null;

    private static bool IsMatch(string pattern, string name) => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(name);

    private void KeepLast(PSObject item)
    {
        if (Last is { } last)
        {
            _last.Enqueue(item);
            if (_last.Count > last)
            {
                _last.Dequeue();
            }
        }
    }

    private void StopUpstream()
    {
        if (!Wait)
        {
            // Unique items are written at the end, and the end comes for this command too.
            throw EngineInternals.NewStopUpstream(this);
        }
    }

    private void Emit(PSObject item)
    {
        if (Property.Length == 0 && ExcludeProperty.Length == 0)
        {
            Expand(item, item);
            return;
        }

        var selected = new PSObject();
        foreach (var typeName in item.TypeNames)
        {
            if (typeName != "System.Object")
            {
                selected.TypeNames.Insert(0, "Selected." + typeName);
                break;
            }
        }

        foreach (var property in Property.Length == 0 ? ["*"] : Property)
        {
            AddProperty(selected, item, property is PSObject wrapped ? wrapped.BaseObject : property);
        }

        Expand(item, selected);
    }

    private void AddProperty(PSObject selected, PSObject item, object property)
    {
        switch (property)
        {
            case Hashtable calculated:
                var expression = ExpressionOf(calculated);
                Add(selected, NameOf(calculated) ?? expression?.ToString() ?? string.Empty, Evaluate(item, expression));
                break;
            case ScriptBlock block:
                Add(selected, block.ToString(), Evaluate(item, block));
                break;
            default:
                var pattern = property.ToString()!;
                if (!WildcardPattern.ContainsWildcardCharacters(pattern))
                {
                    var found = ValueOf(item, pattern, out var name);
                    Add(selected, name, found);
                    break;
                }

                foreach (var candidate in NamesOf(item).Where(candidate => IsMatch(pattern, candidate)).ToList())
                {
                    Add(selected, candidate, ValueOf(item, candidate, out _));
                }

                break;
        }
    }

    private void Add(PSObject selected, string name, object? value)
    {
        if (!ExcludeProperty.Any(pattern => IsMatch(pattern, name)) && selected.Properties[name] is null)
        {
            selected.Properties.Add(new PSNoteProperty(name, value));
        }
    }

    private static IEnumerable<string> NamesOf(PSObject item)
        => item.BaseObject is IDictionary dictionary
            ? dictionary.Keys.Cast<object>().Select(key => key.ToString()!)
            : item.Properties.Where(property => property.IsGettable).Select(property => property.Name);

    private static object? ValueOf(PSObject item, string name, out string actualName)
    {
        actualName = name;
        try
        {
            if (item.Properties[name] is { } property)
            {
                actualName = property.Name;
                return property.Value;
            }

            return item.BaseObject is IDictionary dictionary && dictionary.Contains(name) ? dictionary[name] : null;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    private static object? Evaluate(PSObject item, object? expression)
    {
        if (expression is not ScriptBlock block)
        {
            return expression is null ? null : ValueOf(item, expression.ToString()!, out _);
        }

        try
        {
            var results = block.InvokeWithContext(null, [new PSVariable("_", item)]);
            return results.Count switch
            {
                0 => null,
                1 => results[0],
                _ => results.ToArray(),
            };
        }
        catch (RuntimeException)
        {
            return null;
        }
    }

    private void Expand(PSObject item, PSObject selected)
    {
        if (ExpandProperty is null)
        {
            Deliver(selected);
            return;
        }

        if (item.Properties[ExpandProperty] is null && !(item.BaseObject is IDictionary dictionary && dictionary.Contains(ExpandProperty)))
        {
            WriteError(new ErrorRecord(new PSArgumentException($"Property \"{ExpandProperty}\" cannot be found."), "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, item));
            return;
        }

        var value = ValueOf(item, ExpandProperty, out _);
        if (value is null)
        {
            return;
        }

        foreach (var part in LanguagePrimitives.GetEnumerable(value)?.Cast<object?>() ?? [value])
        {
            var expanded = PSObject.AsPSObject(part);
            if (Property.Length > 0)
            {
                foreach (var property in selected.Properties)
                {
                    expanded.Properties.Add(new PSNoteProperty(property.Name, property.Value));
                }
            }

            Deliver(expanded);
        }
    }

    private void Deliver(PSObject item)
    {
        if (!Unique)
        {
            WriteObject(item);
        }
        else if (!_unique.Any(other => AreEqual(other, item)))
        {
            _unique.Add(item);
        }
    }

    private bool AreEqual(PSObject left, PSObject right)
    {
        if (left.BaseObject is not PSCustomObject || right.BaseObject is not PSCustomObject)
        {
            return LanguagePrimitives.Equals(left, right, CaseInsensitive, CultureInfo.InvariantCulture);
        }

        var names = left.Properties.Select(property => property.Name).ToList();
        return names.SequenceEqual(right.Properties.Select(property => property.Name))
            && names.All(name => LanguagePrimitives.Equals(left.Properties[name].Value, right.Properties[name].Value, CaseInsensitive, CultureInfo.InvariantCulture));
    }
}
