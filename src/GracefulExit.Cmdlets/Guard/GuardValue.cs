using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Numerics;
using System.Reflection;
using System.Security;
using System.Text.RegularExpressions;
using System.Xml;

namespace GracefulExit.Guard;

/// <summary>How much of a variable's value reaches a guard. In rising order of loss.</summary>
internal enum GuardValueFidelity
{
    /// <summary>An equal value of the same type.</summary>
    Exact,

    /// <summary>Some object in it arrives as a copy of its properties, without methods.</summary>
    Copy,

    /// <summary>Some object in it lives in its process alone, such as an open file: <c>$null</c> arrives.</summary>
    Dropped,
}

/// <summary>
/// Makes of a variable's value what CliXml carries without loss, and the value again of that.
/// </summary>
/// <remarks>
/// Left to itself CliXml makes a list of each array and a record of properties of nearly everything else, and reads these
/// properties on the way: of a task it would wait for the result. So what is packed holds plain values only; whatever else
/// can be made again is noted as kind, type and value.
/// </remarks>
internal static class GuardValue
{
    /// <summary>More than <see cref="MaximumDepth"/> levels of objects need, each with its note around it.</summary>
    public const int SerializationDepth = 64;

    private const int MaximumDepth = 12;
    private const int CopyDepth = 3;
    private const string NoteName = "GracefulExit.Guard.Note";

    /// <summary>What CliXml gives back as it was.</summary>
    private static readonly HashSet<Type> Plain =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(TimeSpan), typeof(Guid), typeof(Uri), typeof(Version),
        typeof(byte[]), typeof(SecureString), typeof(XmlDocument),
    ];

    /// <summary>What its own text tells in full, and how to read that: PowerShell's conversion makes a big number by way of a double.</summary>
    private static readonly Dictionary<Type, Func<string, object>> Textual = new()
    {
        [typeof(BigInteger)] = text => BigInteger.Parse(text, CultureInfo.InvariantCulture),
        [typeof(DateTimeOffset)] = text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        [typeof(DateOnly)] = text => DateOnly.Parse(text, CultureInfo.InvariantCulture),
        [typeof(TimeOnly)] = text => TimeOnly.Parse(text, CultureInfo.InvariantCulture),
        [typeof(IPAddress)] = IPAddress.Parse,
        [typeof(IPEndPoint)] = IPEndPoint.Parse,
        [typeof(CultureInfo)] = CultureInfo.GetCultureInfo,
        [typeof(MailAddress)] = text => new MailAddress(text),
    };

    /// <summary>Collections that are filled from the end.</summary>
    private static readonly HashSet<Type> Stacks = [typeof(Stack), typeof(Stack<>), typeof(ConcurrentStack<>)];

    private enum Kind
    {
        Text,
        Enum,
        Type,
        Regex,
        File,
        Directory,
        Process,
        ScriptBlock,
        Credential,
        List,
        Grid,
        Set,
        Dictionary,
    }

    public static object? Pack(object? value, out GuardValueFidelity fidelity)
    {
        fidelity = GuardValueFidelity.Exact;
        return Pack(value, 0, ref fidelity);
    }

    /// <summary>The value again. What can't be made here, a type of an assembly that is not loaded, stays an array or a text.</summary>
    public static object? Unpack(object? packed)
    {
        object? value = packed is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : packed;
        switch (value)
        {
            case IDictionary dictionary:
                foreach (object key in dictionary.Keys.Cast<object>().ToArray())
                {
                    dictionary[key] = Unpack(dictionary[key]);
                }

                return dictionary;
            case PSObject custom when custom.TypeNames.Any(name => name.EndsWith(NoteName, StringComparison.Ordinal)):
                return Restore(custom);
            case PSObject custom:
                PSObject restored = new();
                foreach (PSPropertyInfo property in custom.Properties)
                {
                    restored.Properties.Add(new PSNoteProperty(property.Name, Unpack(property.Value)));
                }

                RestoreTypeNames(custom, restored);
                return restored;
            default:
                return value;
        }
    }

    private static object? Pack(object? value, int depth, ref GuardValueFidelity fidelity)
    {
        object? bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (bare is null)
        {
            return null;
        }

        Type type = bare.GetType();
        if (IsPlain(type))
        {
            return bare;
        }

        if (depth > MaximumDepth)
        {
            return Lose(GuardValueFidelity.Dropped, ref fidelity);
        }

        switch (bare)
        {
            case PSObject custom:
                return PackProperties(custom, custom.TypeNames, custom.Properties.OfType<PSNoteProperty>(), depth, ref fidelity);
            case Enum:
                return Note(Kind.Enum, type, bare.ToString());
            case SwitchParameter given:
                return given.IsPresent;
            case Regex pattern:
                return Note(Kind.Regex, type, new ArrayList { pattern.ToString(), (int)pattern.Options });
            case FileInfo file:
                return Note(Kind.File, type, file.FullName);
            case DirectoryInfo directory:
                return Note(Kind.Directory, type, directory.FullName);
            case Process process:
                return PackProcess(process) ?? Lose(GuardValueFidelity.Dropped, ref fidelity);
            case ScriptBlock block:
                return Note(Kind.ScriptBlock, type, block.ToString());
            case PSCredential credential:
                return Note(Kind.Credential, type, new ArrayList { credential.UserName, credential.Password });
            case Type named:
                return Note(Kind.Type, type, named.AssemblyQualifiedName);
            case IDictionary dictionary:
                return PackDictionary(dictionary, depth, ref fidelity);
            case Array { Rank: > 1 } grid:
                return Note(Kind.Grid, type, new ArrayList
                {
                    PackItems(Enumerable.Range(0, grid.Rank).Select(grid.GetLength), depth, ref fidelity),
                    PackItems(grid, depth, ref fidelity),
                });
            case ICollection collection:
                ArrayList items = PackItems(collection, depth, ref fidelity);
                if (Stacks.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type))
                {
                    items.Reverse();
                }

                return Note(Kind.List, type, items);
            case IEnumerable set when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(HashSet<>):
                return Note(Kind.Set, type, new ArrayList { IgnoresCase(set), PackItems(set, depth, ref fidelity) });
        }

        // Not the derived ones: of a type that was found at the base, only the base would arrive. But IPAddress.Any is of one.
        if (Textual.ContainsKey(type) || bare is IPAddress)
        {
            return Note(Kind.Text, bare is IPAddress ? typeof(IPAddress) : type, bare is DateTimeOffset or DateOnly or TimeOnly
                ? ((IFormattable)bare).ToString("o", CultureInfo.InvariantCulture)
                : Convert.ToString(bare, CultureInfo.InvariantCulture));
        }

        if (bare is IDisposable or Delegate or Task or MemberInfo or Thread or IAsyncResult or Pointer or nint or nuint
            || depth >= CopyDepth)
        {
            return Lose(GuardValueFidelity.Dropped, ref fidelity);
        }

        Lose(GuardValueFidelity.Copy, ref fidelity);
        PSObject members = PSObject.AsPSObject(bare);
        GuardValueFidelity inner = GuardValueFidelity.Copy;
        return PackProperties(
            null,
            [.. members.TypeNames.Select(name => "Deserialized." + name)],
            members.Properties.Where(property => property is PSNoteProperty || property.MemberType == PSMemberTypes.Property),
            depth,
            ref inner);
    }

    private static object? Lose(GuardValueFidelity atMost, ref GuardValueFidelity fidelity)
    {
        fidelity = atMost > fidelity ? atMost : fidelity;
        return null;
    }

    private static PSObject PackProperties(
        PSObject? original, IEnumerable<string> typeNames, IEnumerable<PSPropertyInfo> properties, int depth, ref GuardValueFidelity fidelity)
    {
        PSObject packed = new();
        foreach (PSPropertyInfo property in properties)
        {
            object? value;
            try
            {
                value = property.Value;
            }
            catch (GetValueException)
            {
                // A property that can't be read now: it has no value to take along.
                continue;
            }

            packed.Properties.Add(new PSNoteProperty(property.Name, Pack(value, depth + 1, ref fidelity)));
        }

        if (original is null || original.TypeNames[0] != packed.TypeNames[0])
        {
            packed.TypeNames.Clear();
            foreach (string name in typeNames)
            {
                packed.TypeNames.Add(name);
            }
        }

        return packed;
    }

    private static ArrayList PackItems(IEnumerable items, int depth, ref GuardValueFidelity fidelity)
    {
        ArrayList packed = [];
        foreach (object? item in items)
        {
            packed.Add(Pack(item, depth + 1, ref fidelity));
        }

        return packed;
    }

    private static object PackDictionary(IDictionary dictionary, int depth, ref GuardValueFidelity fidelity)
    {
        // PowerShell's own literals, @{} and [ordered]@{}, with the comparers that CliXml gives them again.
        bool isLiteral = dictionary.GetType() == typeof(Hashtable) || dictionary.GetType() == typeof(OrderedDictionary);
        bool ignoresCase = IgnoresCase(dictionary);
        if (isLiteral || dictionary.GetType().GetConstructor(Type.EmptyTypes) is null)
        {
            IDictionary packed = dictionary is OrderedDictionary
                ? new OrderedDictionary(StringComparer.CurrentCultureIgnoreCase)
                : new Hashtable(StringComparer.CurrentCultureIgnoreCase);
            bool isPlain = true;
            foreach (DictionaryEntry entry in dictionary)
            {
                isPlain &= IsPlain(entry.Key.GetType());
                packed[IsPlain(entry.Key.GetType()) ? entry.Key : entry.Key.ToString()!] = Pack(entry.Value, depth + 1, ref fidelity);
            }

            // These two do not tell how they compare; but if some keys differ in case only, they have fallen together here.
            ignoresCase = packed.Count == dictionary.Count;
            if ((isPlain && ignoresCase) || !isLiteral)
            {
                return packed;
            }
        }

        return Note(Kind.Dictionary, dictionary.GetType(), new ArrayList
        {
            ignoresCase,
            PackItems(dictionary.Keys, depth, ref fidelity),
            PackItems(dictionary.Values, depth, ref fidelity),
        });
    }

    /// <summary>Whether a collection of .NET's takes texts that differ in case only for the same.</summary>
    private static bool IgnoresCase(IEnumerable collection) =>
        collection.GetType().GetProperty("Comparer")?.GetValue(collection) is { } comparer
        && (comparer is IEqualityComparer<string> equality ? equality.Equals("a", "A")
            : comparer is IComparer<string> order && order.Compare("a", "A") == 0);

    private static bool IsPlain(Type type) =>
        (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint)) || Plain.Contains(type);

    private static PSObject? PackProcess(Process process)
    {
        try
        {
            // The number alone may be another process's by then.
            return Note(Kind.Process, typeof(Process), new ArrayList { process.Id, process.StartTime.ToUniversalTime() });
        }
        catch (Exception)
        {
            // It has ended, or is not ours to look at.
            return null;
        }
    }

    private static PSObject Note(Kind kind, Type type, object? value)
    {
        PSObject note = new();
        note.TypeNames.Insert(0, NoteName);
        note.Properties.Add(new PSNoteProperty(nameof(Kind), kind.ToString()));
        note.Properties.Add(new PSNoteProperty(nameof(Type), type.AssemblyQualifiedName));
        note.Properties.Add(new PSNoteProperty("Value", value));
        return note;
    }

    private static object? Restore(PSObject note)
    {
        object? value = note.Properties["Value"].Value;
        value = value is PSObject wrapped ? wrapped.BaseObject : value;
        string text = value as string ?? string.Empty;
        ArrayList items = value as ArrayList ?? [];
        Type? type = Type.GetType((string)note.Properties[nameof(Type)].Value);
        switch (Enum.Parse<Kind>((string)note.Properties[nameof(Kind)].Value))
        {
            case Kind.Text:
                return Textual[type!](text);
            case Kind.Type:
                return Type.GetType(text) ?? (object)text;
            case Kind.Regex:
                return new Regex((string)items[0]!, (RegexOptions)items[1]!);
            case Kind.File:
                return new FileInfo(text);
            case Kind.Directory:
                return new DirectoryInfo(text);
            case Kind.Process:
                return FindProcess((int)items[0]!, (DateTime)items[1]!);
            case Kind.ScriptBlock:
                return ScriptBlock.Create(text);
            case Kind.Credential:
                return new PSCredential((string)items[0]!, (SecureString)items[1]!);
            case Kind.Grid:
                return RestoreGrid(type, [.. UnpackItems(items[0]).Cast<int>()], UnpackItems(items[1]));
            case Kind.Set:
                return RestoreSet(type, (bool)items[0]!, UnpackItems(items[1]));
            case Kind.Dictionary:
                return RestoreDictionary(type, (bool)items[0]!, UnpackItems(items[1]), UnpackItems(items[2]));
            case Kind.List:
                value = UnpackItems(items);
                break;
            default:
                break;
        }

        return type is not null && LanguagePrimitives.TryConvertTo(value, type, CultureInfo.InvariantCulture, out object restored) ? restored : value;
    }

    private static object?[] UnpackItems(object? packed) =>
        [.. ((ArrayList)(packed is PSObject wrapped ? wrapped.BaseObject : packed!)).Cast<object?>().Select(Unpack)];

    private static Array RestoreGrid(Type? type, int[] lengths, object?[] items)
    {
        if (type?.GetElementType() is not { } element)
        {
            return items;
        }

        Array grid = Array.CreateInstance(element, lengths);
        int[] place = new int[lengths.Length];
        foreach (object? item in items)
        {
            grid.SetValue(item, place);
            for (int i = place.Length - 1; i >= 0 && ++place[i] == lengths[i]; i--)
            {
                place[i] = 0;
            }
        }

        return grid;
    }

    private static object RestoreSet(Type? type, bool ignoresCase, object?[] items)
    {
        if (type is null)
        {
            return items;
        }

        object set = Create(type, ignoresCase);
        MethodInfo add = type.GetMethod(nameof(HashSet<>.Add))!;
        foreach (object? item in items)
        {
            add.Invoke(set, [item]);
        }

        return set;
    }

    private static IDictionary RestoreDictionary(Type? type, bool ignoresCase, object?[] keys, object?[] values)
    {
        IDictionary dictionary = type is null ? new OrderedDictionary() : (IDictionary)Create(type, ignoresCase);
        for (int i = 0; i < keys.Length; i++)
        {
            dictionary[keys[i]!] = values[i];
        }

        return dictionary;
    }

    private static object Create(Type type, bool ignoresCase) =>
        ignoresCase ? Activator.CreateInstance(type, StringComparer.OrdinalIgnoreCase)! : Activator.CreateInstance(type)!;

    /// <summary>The process that still runs under that number, if it is the same.</summary>
    private static Process? FindProcess(int id, DateTime startedAt)
    {
        try
        {
            Process process = Process.GetProcessById(id);
            // .NET computes the start from the boot time, each time anew.
            return (process.StartTime.ToUniversalTime() - startedAt).Duration() < TimeSpan.FromSeconds(1) ? process : null;
        }
        catch (Exception)
        {
            // Gone, which is what most exit blocks would have seen to.
            return null;
        }
    }

    private static void RestoreTypeNames(PSObject from, PSObject to)
    {
        const string prefix = "Deserialized.";
        List<string> names = [.. from.TypeNames.Select(name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name)];
        if (!names.Contains(typeof(PSCustomObject).FullName!) || names[0] != typeof(PSCustomObject).FullName)
        {
            to.TypeNames.Clear();
            names.ForEach(to.TypeNames.Add);
        }
    }
}
