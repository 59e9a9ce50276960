using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>A property to look at: a name, a script block or a calculated property.</summary>
internal sealed class PropertyPath
{
    private readonly object _expression;

    public PropertyPath(object given)
    {
        var plain = given is PSObject wrapped ? wrapped.BaseObject : given;
        _expression = plain;
        if (plain is Hashtable calculated)
        {
            foreach (DictionaryEntry entry in calculated)
            {
                var key = entry.Key.ToString()!;
                if ("EXPRESSION".StartsWith(key, StringComparison.OrdinalIgnoreCase))
                {
                    _expression = entry.Value is PSObject inner ? inner.BaseObject : entry.Value!;
                }
                else if ("DESCENDING".StartsWith(key, StringComparison.OrdinalIgnoreCase))
                {
                    Descending = LanguagePrimitives.IsTrue(entry.Value);
                }
                else if ("ASCENDING".StartsWith(key, StringComparison.OrdinalIgnoreCase))
                {
                    Descending = !LanguagePrimitives.IsTrue(entry.Value);
                }
            }
        }
    }

    /// <summary>The order that a calculated property asks for.</summary>
    public bool? Descending { get; }

    /// <summary>The property's value; null where there is none.</summary>
    public object? Of(PSObject item)
    {
        if (_expression is ScriptBlock block)
        {
            var results = block.InvokeWithContext(null, [new PSVariable("_", item)]);
            return results.Count == 1 ? results[0] : results.Count == 0 ? null : results.ToArray();
        }

        try
        {
            var name = _expression.ToString()!;
            return item.BaseObject is IDictionary dictionary && dictionary.Contains(name) ? dictionary[name] : item.Properties[name]?.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}

/// <summary>Sort-Object.</summary>
[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter]
    public SwitchParameter Stable { get; set; }

    [Parameter]
    public int? Top { get; set; }

    [Parameter]
    public int? Bottom { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _items.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var paths = Property.Select(property => new PropertyPath(property)).ToList();
        var keyed = _items.Select(item => (Item: item, Keys: paths.Count == 0 ? [item] : paths.Select(path => path.Of(item)).ToArray())).ToList();

        // OrderBy is stable, as the real one is with -Stable.
        var sorted = keyed
            .OrderBy(entry => entry.Keys, Comparer<object?[]>.Create((left, right) => Compare(left, right, paths)))
            .ToList();
        if (Unique)
        {
            sorted = [.. sorted.Where((entry, i) => i == 0 || Compare(sorted[i - 1].Keys, entry.Keys, paths) != 0)];
        }

        var result = sorted.Select(entry => entry.Item);
        result = Top is { } top ? result.Take(top) : Bottom is { } bottom ? result.TakeLast(bottom) : result;
        WriteObject(result, enumerateCollection: true);
    }

    private int Compare(object?[] left, object?[] right, List<PropertyPath> paths)
    {
        for (var i = 0; i < left.Length; i++)
        {
            int order;
            try
            {
                order = LanguagePrimitives.Compare(left[i], right[i], !CaseSensitive, CultureInfo.CurrentCulture);
            }
            catch (ArgumentException)
            {
                order = string.Compare(left[i]?.ToString(), right[i]?.ToString(), CaseSensitive ? StringComparison.CurrentCulture : StringComparison.CurrentCultureIgnoreCase);
            }

            if (order != 0)
            {
                return (i < paths.Count ? paths[i].Descending : null) ?? Descending ? -order : order;
            }
        }

        return 0;
    }
}

/// <summary>Group-Object.</summary>
[Cmdlet(VerbsData.Group, "Object", DefaultParameterSetName = "List")]
public sealed class GroupObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter(ParameterSetName = "HashTable")]
    public SwitchParameter AsHashTable { get; set; }

    [Parameter(ParameterSetName = "HashTable")]
    public SwitchParameter AsString { get; set; }

    [Parameter]
    public SwitchParameter NoElement { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _items.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var paths = Property.Select(property => new PropertyPath(property)).ToList();
        var groups = _items
            .Select(item => (Item: item, Keys: paths.Count == 0 ? [item] : paths.Select(path => path.Of(item)).ToArray()))
            .GroupBy(entry => string.Join(", ", entry.Keys.Select(key => key?.ToString() ?? string.Empty)), StringComparer.OrdinalIgnoreCase)
            .OrderBy(group => group.First().Keys[0], Comparer<object?>.Create((left, right) =>
                LanguagePrimitives.TryCompare(left, right, ignoreCase: true, CultureInfo.CurrentCulture, out var order) ? order : 0))
            .ToList();
        if (AsHashTable)
        {
            var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
            foreach (var group in groups)
            {
                table[AsString ? group.Key : (group.First().Keys[0] is PSObject key ? key.BaseObject : group.First().Keys[0]) ?? group.Key] = group.Select(entry => entry.Item).ToArray();
            }

            WriteObject(table);
            return;
        }

        foreach (var group in groups)
        {
            var result = new PSObject();
            result.TypeNames.Insert(0, NoElement ? "Microsoft.PowerShell.Commands.GroupInfoNoElement" : "Microsoft.PowerShell.Commands.GroupInfo");
            result.Properties.Add(new PSNoteProperty("Count", group.Count()));
            result.Properties.Add(new PSNoteProperty("Name", group.Key));
            result.Properties.Add(new PSNoteProperty("Values", group.First().Keys.ToList()));
            if (!NoElement)
            {
                result.Properties.Add(new PSNoteProperty("Group", group.Select(entry => entry.Item).ToList()));
            }

            WriteObject(result);
        }
    }
}

/// <summary>Measure-Object over numbers.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter AllStats { get; set; }

    [Parameter]
    public SwitchParameter StandardDeviation { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _items.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        foreach (var property in Property.Length == 0 ? [null] : Property.Cast<object?>())
        {
            var values = (property is null ? _items : _items.Select(new PropertyPath(property).Of)).Where(value => value is not null).ToList();
            var numeric = Sum || Average || StandardDeviation || AllStats;
            var numbers = numeric ? values.Select(LanguagePrimitives.ConvertTo<double>).ToList() : [];
            var average = numbers.Count > 0 ? numbers.Average() : 0;
            WriteObject(new GenericMeasureInfo
            {
                Count = values.Count,
                Sum = (Sum || AllStats) && numbers.Count > 0 ? numbers.Sum() : null,
                Average = (Average || AllStats) && numbers.Count > 0 ? average : null,
                Maximum = Maximum || AllStats ? Extreme(values, 1) : null,
                Minimum = Minimum || AllStats ? Extreme(values, -1) : null,
                StandardDeviation = (StandardDeviation || AllStats) && numbers.Count > 0
                    ? Math.Sqrt(numbers.Sum(number => Math.Pow(number - average, 2)) / Math.Max(1, numbers.Count - 1))
                    : null,
                Property = property?.ToString(),
            });
        }
    }

    private static object? Extreme(List<object?> values, int sign)
    {
        object? best = null;
        foreach (var value in values)
        {
            if (best is null || (LanguagePrimitives.TryCompare(value, best, ignoreCase: true, CultureInfo.CurrentCulture, out var order) && order * sign > 0))
            {
                best = value;
            }
        }

        var plain = best is PSObject wrapped ? wrapped.BaseObject : best;
        return plain is int or long or short or byte or float or decimal ? Convert.ToDouble(plain, CultureInfo.InvariantCulture) : plain;
    }
}

/// <summary>What Measure-Object found.</summary>
public sealed class GenericMeasureInfo
{
    public int Count { get; init; }

    public double? Average { get; init; }

    public double? Sum { get; init; }

    public object? Maximum { get; init; }

    public object? Minimum { get; init; }

    public double? StandardDeviation { get; init; }

    public string? Property { get; init; }
}

/// <summary>New-Object.</summary>
[Cmdlet(VerbsCommon.New, "Object", DefaultParameterSetName = "Net")]
public sealed class NewObjectCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Net")]
    public string TypeName { get; set; } = string.Empty;

    [Parameter(Position = 1, ParameterSetName = "Net")]
    [Alias("Args")]
    public object?[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary? Property { get; set; }

    protected override void BeginProcessing()
    {
        if (TypeName is "PSObject" or "PSCustomObject" or "System.Management.Automation.PSObject" or "System.Management.Automation.PSCustomObject")
        {
            var bag = new PSObject();
            foreach (DictionaryEntry entry in Property ?? new Hashtable())
            {
                bag.Properties.Add(new PSNoteProperty(entry.Key.ToString()!, entry.Value));
            }

            WriteObject(bag);
            return;
        }

        if (!LanguagePrimitives.TryConvertTo(TypeName, out Type type))
        {
            var message = $"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded.";
            ThrowTerminatingError(new ErrorRecord(new PSArgumentException(message), "TypeNotFound", ErrorCategory.InvalidType, null));
            return;
        }

        // "[type]::new(...)" chooses the constructor as the language does.
        var made = InvokeCommand.NewScriptBlock("param($type, $list) $type::new.Invoke($list)").InvokeReturnAsIs(type, ArgumentList);
        var result = PSObject.AsPSObject(made);
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            result.Properties[entry.Key.ToString()!].Value = entry.Value;
        }

        WriteObject(result);
    }
}

/// <summary>Add-Member, notes and script members.</summary>
[Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = "TypeNameSet")]
public sealed class AddMemberCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true, Mandatory = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "MemberSet")]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; }

    [Parameter(Position = 1, Mandatory = true, ParameterSetName = "MemberSet")]
    public string Name { get; set; } = string.Empty;

    [Parameter(Position = 2, ParameterSetName = "MemberSet")]
    public object? Value { get; set; }

    [Parameter(Position = 3, ParameterSetName = "MemberSet")]
    public object? SecondValue { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "NotePropertySingleMemberSet")]
    public string NotePropertyName { get; set; } = string.Empty;

    [Parameter(Position = 1, Mandatory = true, ParameterSetName = "NotePropertySingleMemberSet")]
    [AllowNull]
    public object? NotePropertyValue { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "NotePropertyMultiMemberSet")]
    public IDictionary NotePropertyMembers { get; set; } = new Hashtable();

    [Parameter(ParameterSetName = "TypeNameSet", Mandatory = true)]
    [Parameter(ParameterSetName = "MemberSet")]
    [Parameter(ParameterSetName = "NotePropertySingleMemberSet")]
    [Parameter(ParameterSetName = "NotePropertyMultiMemberSet")]
    public string? TypeName { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (TypeName is not null)
        {
            InputObject.TypeNames.Insert(0, TypeName);
        }

        var members = ParameterSetName switch
        {
            "NotePropertySingleMemberSet" => [new PSNoteProperty(NotePropertyName, NotePropertyValue)],
            "NotePropertyMultiMemberSet" => NotePropertyMembers.Cast<DictionaryEntry>().Select(entry => new PSNoteProperty(entry.Key.ToString()!, entry.Value)),
            "MemberSet" => [NewMember()],
            _ => Enumerable.Empty<PSMemberInfo>(),
        };
        foreach (var member in members)
        {
            if (Force && InputObject.Members[member.Name] is not null)
            {
                InputObject.Members.Remove(member.Name);
            }

            try
            {
                InputObject.Members.Add(member);
            }
            catch (ExtendedTypeSystemException exception)
            {
                this.WriteProviderError(exception);
            }
        }

        if (PassThru)
        {
            WriteObject(InputObject);
        }
    }

    private PSMemberInfo NewMember()
    {
        var plain = Value is PSObject wrapped ? wrapped.BaseObject : Value;
        return MemberType switch
        {
            PSMemberTypes.ScriptMethod => new PSScriptMethod(Name, (ScriptBlock)plain!),
            PSMemberTypes.ScriptProperty => new PSScriptProperty(Name, plain as ScriptBlock, SecondValue as ScriptBlock),
            PSMemberTypes.AliasProperty => new PSAliasProperty(Name, plain?.ToString()),
            _ => new PSNoteProperty(Name, Value),
        };
    }
}

/// <summary>Get-Member.</summary>
[Cmdlet(VerbsCommon.Get, "Member")]
public sealed class GetMemberCommand : PSCmdlet
{
    private readonly HashSet<string> _seen = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;

    [Parameter]
    public SwitchParameter Static { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null || !_seen.Add(InputObject.TypeNames[0]))
        {
            return;
        }

        if (Static)
        {
            var type = InputObject.BaseObject as Type ?? InputObject.BaseObject.GetType();
            foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.Static).DistinctBy(member => member.Name).Where(member => IsWanted(member.Name)))
            {
                WriteObject(new MemberDefinition(type.FullName!, member.Name, member is MethodInfo ? PSMemberTypes.Method : PSMemberTypes.Property, member.ToString()!));
            }

            return;
        }

        foreach (var member in InputObject.Members
            .Where(member => (member.MemberType & MemberType) != 0 && IsWanted(member.Name) && (Force || !IsAccessor(member.Name)))
            .OrderBy(member => Rank(member.MemberType))
            .ThenBy(member => member.Name, StringComparer.OrdinalIgnoreCase))
        {
            WriteObject(new MemberDefinition(InputObject.TypeNames[0], member.Name, member.MemberType, member.ToString() ?? string.Empty));
        }
    }

    private static int Rank(PSMemberTypes type) => type is PSMemberTypes.Method or PSMemberTypes.CodeMethod or PSMemberTypes.ScriptMethod ? 1 : 0;

    private static bool IsAccessor(string name)
        => name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)
            || name is "psbase" or "psextended" or "psadapted" or "pstypenames" or "psobject";

    private bool IsWanted(string name) => Name.Any(pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(name));
}

/// <summary>A member, as Get-Member shows it.</summary>
public sealed class MemberDefinition(string typeName, string name, PSMemberTypes memberType, string definition)
{
    public string TypeName { get; } = typeName;

    public string Name { get; } = name;

    public PSMemberTypes MemberType { get; } = memberType;

    public string Definition { get; } = definition;

    public override string ToString() => Definition;
}

/// <summary>Tee-Object.</summary>
[Cmdlet("Tee", "Object", DefaultParameterSetName = "File")]
public sealed class TeeObjectCommand : PSCmdlet
{
    private readonly List<object?> _items = [];
    private SteppablePipeline? _file;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "File")]
    [Alias("Path")]
    public string? FilePath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LiteralFile")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Variable")]
    public string? Variable { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    protected override void BeginProcessing()
    {
        if (Variable is null)
        {
            _file = ScriptBlock.Create("param($path, $append) Out-File -FilePath $path -Append:$append").GetSteppablePipeline(CommandOrigin.Internal, [LiteralPath ?? FilePath!, Append.IsPresent]);
            _file.Begin(this);
        }
        else if (Append)
        {
            var before = SessionState.PSVariable.GetValue(Variable);
            if (before is not null)
            {
                _items.AddRange(LanguagePrimitives.GetEnumerable(before)?.Cast<object?>() ?? [before]);
            }
        }
    }

    protected override void ProcessRecord()
    {
        _items.Add(InputObject);
        _file?.Process(InputObject);
        WriteObject(InputObject);
    }

    protected override void EndProcessing()
    {
        _file?.End();
        if (Variable is not null)
        {
            SessionState.PSVariable.Set(Variable, _items.Count == 1 ? _items[0] : _items.ToArray());
        }
    }
}

/// <summary>Add-Type for ready-made assemblies; there is no compiler here.</summary>
[Cmdlet(VerbsCommon.Add, "Type", DefaultParameterSetName = "FromSource")]
public sealed class AddTypeCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "FromSource")]
    public string? TypeDefinition { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "FromMember")]
    public string[]? MemberDefinition { get; set; }

    [Parameter(ParameterSetName = "FromMember")]
    public string? Name { get; set; }

    [Parameter(ParameterSetName = "FromMember")]
    public string? Namespace { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "FromPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "FromLiteralPath")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "FromAssemblyName")]
    [Alias("AN")]
    public string[] AssemblyName { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void EndProcessing()
    {
        if (TypeDefinition is not null || MemberDefinition is not null)
        {
            ThrowTerminatingError(new ErrorRecord(
                new PSNotSupportedException("This test shell has no C# compiler: Add-Type takes -Path or -AssemblyName only."),
                "CompilerNotAvailable",
                ErrorCategory.NotImplemented,
                null));
        }

        var assemblies = Path.Concat(LiteralPath)
            .Select(path => Assembly.LoadFrom(GetUnresolvedProviderPathFromPSPath(path)))
            .Concat(AssemblyName.Select(name => Assembly.Load(new AssemblyName(name))))
            .ToList();
        if (PassThru)
        {
            WriteObject(assemblies.SelectMany(assembly => assembly.GetExportedTypes()), enumerateCollection: true);
        }
    }
}

/// <summary>New-Guid.</summary>
[Cmdlet(VerbsCommon.New, "Guid")]
public sealed class NewGuidCommand : Cmdlet
{
    [Parameter]
    public SwitchParameter Empty { get; set; }

    protected override void EndProcessing() => WriteObject(Empty ? Guid.Empty : Guid.NewGuid());
}

/// <summary>New-TimeSpan.</summary>
[Cmdlet(VerbsCommon.New, "TimeSpan", DefaultParameterSetName = "Date")]
public sealed class NewTimeSpanCommand : Cmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Date", ValueFromPipeline = true)]
    public DateTime? Start { get; set; }

    [Parameter(Position = 1, ParameterSetName = "Date")]
    public DateTime? End { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Days { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Hours { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Minutes { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Seconds { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord()
    {
        var now = DateTime.Now;
        WriteObject(Start is not null || End is not null ? (End ?? now) - (Start ?? now) : new TimeSpan(Days, Hours, Minutes, Seconds, Milliseconds));
    }
}
