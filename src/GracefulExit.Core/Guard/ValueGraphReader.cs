using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Numerics;
using System.Reflection;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using GracefulExit.Engine;
using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>Restores the values in a <see cref="ValueGraph"/>.</summary>
/// <remarks>
/// There are two passes. The first creates an empty object for each node; the second fills them, since every object that
/// they refer to exists by then. What can't be created here (an enumeration of an assembly that is not loaded) becomes an
/// array of objects or a text. Threads: one.
/// </remarks>
/// <param name="graph">The graph.</param>
/// <param name="report">Gets the name of a variable, and which part of its value can't be restored.</param>
internal sealed class ValueGraphReader(ValueGraph graph, Action<string, string> report)
{
    private readonly List<object?> _nodes = [];
    private readonly List<Action> _fillers = [];
    private string _variable = string.Empty;

    /// <summary>Restores the variables' values.</summary>
    public IReadOnlyList<CapturedVariable> Read()
    {
        foreach (ValueGraph.Variable variable in graph.Variables)
        {
            _variable = variable.Name;
            BinaryReader reader = ReaderOf(variable.Nodes);
            for (int i = 0; i < variable.NodeCount; i++)
            {
                _nodes.Add(MakeNode(reader));
            }
        }

        _fillers.ForEach(static fill => fill());
        List<CapturedVariable> values = new(graph.Variables.Count);
        foreach (ValueGraph.Variable variable in graph.Variables)
        {
            _variable = variable.Name;
            values.Add(new CapturedVariable(variable.Name, Resolve(ReadSlot(ReaderOf(variable.Slot))), (ScopedItemOptions)variable.Options));
        }

        return values;
    }

    private static BinaryReader ReaderOf(ReadOnlyMemory<byte> bytes) => new(new MemoryStream(bytes.ToArray()), Encoding.UTF8);

    private object? MakeNode(BinaryReader reader)
    {
        switch ((NodeKind)reader.ReadByte())
        {
            case NodeKind.Text:
                return reader.ReadText();
            case NodeKind.Document:
                string text = reader.ReadText();
                return Try(() =>
                {
                    // Without a resolver, nothing that the document refers to is fetched.
                    XmlDocument document = new() { XmlResolver = null };
                    document.LoadXml(text);
                    return document;
                });
            case NodeKind.Numbers:
                Type type = ValueTypes.Read(reader, graph.Names);
                Array numbers = Array.CreateInstance(type, reader.ReadInt32());
                byte[] bytes = reader.ReadBytes(Buffer.ByteLength(numbers));
                Buffer.BlockCopy(bytes, 0, numbers, 0, bytes.Length);
                return numbers;
            case NodeKind.Array:
                return MakeArray(reader);
            case NodeKind.Collection:
                return MakeCollection(reader);
            case NodeKind.Dictionary:
                return MakeDictionary(reader);
            case NodeKind.Custom:
                return MakeCustom(reader);
            default:
                throw new InvalidDataException(Messages.GuardVersionDiffers);
        }
    }

    private Array MakeArray(BinaryReader reader)
    {
        Type element = ValueTypes.Read(reader, graph.Names);
        int[] lengths = new int[reader.ReadByte()];
        int count = 1;
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = reader.ReadInt32();
            count *= lengths[i];
        }

        object?[] items = ReadItems(reader, count);
        Array array = Array.CreateInstance(element, lengths);
        Fill(() =>
        {
            int[] place = new int[lengths.Length];
            foreach (object? item in items)
            {
                if (Fit(Resolve(item), element) is { } value)
                {
                    array.SetValue(value, place);
                }

                for (int i = place.Length - 1; i >= 0 && ++place[i] == lengths[i]; i--)
                {
                    place[i] = 0;
                }
            }
        });
        return array;
    }

    private object? MakeCollection(BinaryReader reader)
    {
        Type type = ValueTypes.Read(reader, graph.Names);
        bool ignoresCase = reader.ReadBoolean();
        bool isSynchronized = reader.ReadBoolean();
        object?[] items = ReadItems(reader, reader.ReadInt32());
        Type element = type.IsGenericType ? type.GetGenericArguments()[0] : typeof(object);
        Type definition = ValueTypes.DefinitionOf(type);
        object? filled = definition == typeof(ReadOnlyCollection<>)
            ? Activator.CreateInstance(typeof(List<>).MakeGenericType(element))
            : Try(() => Create(type, ignoresCase));
        if (filled is null)
        {
            return null;
        }

        Fill(() =>
        {
            MethodInfo? add = filled is IList ? null : AdderOf(filled.GetType(), element);
            foreach (object? item in items)
            {
                object? value = Fit(Resolve(item), element);
                if (value is not null || !element.IsValueType)
                {
                    Try(() => add is null ? ((IList)filled).Add(value) : add.Invoke(filled, [value]));
                }
            }
        });
        return definition == typeof(ReadOnlyCollection<>) ? Activator.CreateInstance(type, filled)
            : isSynchronized ? ArrayList.Synchronized((ArrayList)filled)
            : filled;
    }

    private static MethodInfo AdderOf(Type type, Type element)
    {
        foreach (string name in (string[])["Enqueue", "Push", "AddLast", "Add"])
        {
            if (type.GetMethod(name, [element]) is { } method)
            {
                return method;
            }
        }

        throw new InvalidDataException(Messages.GuardVersionDiffers);
    }

    private IDictionary? MakeDictionary(BinaryReader reader)
    {
        Type type = ValueTypes.Read(reader, graph.Names);
        bool ignoresCase = reader.ReadBoolean();
        bool isSynchronized = reader.ReadBoolean();
        object?[] items = ReadItems(reader, 2 * reader.ReadInt32());
        IDictionary? dictionary = Try(() => Create(type, ignoresCase)) as IDictionary;
        if (dictionary is null)
        {
            return null;
        }

        Type[] arguments = type.IsGenericType ? type.GetGenericArguments() : [typeof(object), typeof(object)];
        Fill(() =>
        {
            for (int i = 0; i < items.Length; i += 2)
            {
                object? key = Fit(Resolve(items[i]), arguments[0]);
                object? value = Fit(Resolve(items[i + 1]), arguments[1]);
                if (key is not null && (value is not null || !arguments[1].IsValueType))
                {
                    Try(() => dictionary[key] = value);
                }
            }
        });
        return isSynchronized ? Hashtable.Synchronized((Hashtable)dictionary) : dictionary;
    }

    private PSObject MakeCustom(BinaryReader reader)
    {
        PSObject custom = new();
        int nameCount = reader.Read7BitEncodedInt();
        if (nameCount > 0)
        {
            custom.TypeNames.Clear();
            for (int i = 0; i < nameCount; i++)
            {
                custom.TypeNames.Add(reader.ReadText());
            }
        }

        List<Property> properties = [];
        int count = reader.Read7BitEncodedInt();
        for (int i = 0; i < count; i++)
        {
            properties.Add(new Property(reader.ReadText(), ReadSlot(reader)));
        }

        Fill(() => properties.ForEach(property => Try(() =>
        {
            custom.Properties.Add(new PSNoteProperty(property.Name, Resolve(property.Slot)));
            return true;
        })));
        return custom;
    }

    private object?[] ReadItems(BinaryReader reader, int count)
    {
        object?[] items = new object?[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = ReadSlot(reader);
        }

        return items;
    }

    /// <summary>Reads a slot: a value, or something that <see cref="Resolve"/> turns into a value once all nodes exist.</summary>
    private object? ReadSlot(BinaryReader reader)
    {
        ValueTag tag = (ValueTag)reader.ReadByte();
        return tag switch
        {
            ValueTag.Null => null,
            ValueTag.Node => new NodeNumber(reader.Read7BitEncodedInt()),
            ValueTag.False => false,
            ValueTag.True => true,
            ValueTag.Char => (char)reader.ReadUInt16(),
            ValueTag.SByte => reader.ReadSByte(),
            ValueTag.Byte => reader.ReadByte(),
            ValueTag.Int16 => reader.ReadInt16(),
            ValueTag.UInt16 => reader.ReadUInt16(),
            ValueTag.Int32 => reader.ReadInt32(),
            ValueTag.UInt32 => reader.ReadUInt32(),
            ValueTag.Int64 => reader.ReadInt64(),
            ValueTag.UInt64 => reader.ReadUInt64(),
            ValueTag.Single => reader.ReadSingle(),
            ValueTag.Double => reader.ReadDouble(),
            ValueTag.Decimal => reader.ReadDecimal(),
            ValueTag.String => reader.ReadText(),
            ValueTag.DateTime => DateTime.FromBinary(reader.ReadInt64()),
            ValueTag.TimeSpan => TimeSpan.FromTicks(reader.ReadInt64()),
            ValueTag.Guid => new Guid(reader.ReadBytes(16)),
            ValueTag.DateTimeOffset => new DateTimeOffset(reader.ReadInt64(), TimeSpan.FromTicks(reader.ReadInt64())),
            ValueTag.DateOnly => DateOnly.FromDayNumber(reader.ReadInt32()),
            ValueTag.TimeOnly => new TimeOnly(reader.ReadInt64()),
            ValueTag.BigInteger => new BigInteger(reader.ReadBytes(reader.ReadInt32())),
            ValueTag.SecureString => ReadSecret(reader),
            ValueTag.Credential => new PSCredential(reader.ReadText(), ReadSecret(reader)),
            ValueTag.Enum => ReadEnumeration(reader),
            ValueTag.Type => ReadType(reader),
            _ => ReadMade(tag, reader),
        };
    }

    /// <summary>Something that is created from a text, which may fail here. All of the text is read first.</summary>
    private object? ReadMade(ValueTag tag, BinaryReader reader)
    {
        int first = tag switch
        {
            ValueTag.Process or ValueTag.Encoding => reader.ReadInt32(),
            ValueTag.ScriptBlock => reader.ReadSByte(),
            _ => 0,
        };
        string text = tag is ValueTag.Process or ValueTag.Encoding ? string.Empty : reader.ReadText();
        int port = tag is ValueTag.Endpoint or ValueTag.Regex ? reader.ReadInt32() : 0;
        long ticks = tag is ValueTag.Regex or ValueTag.Process ? reader.ReadInt64() : 0;
        bool hasPreamble = tag == ValueTag.Encoding && reader.ReadBoolean();
        return Try<object?>(() => tag switch
        {
            ValueTag.Uri => new Uri(text, UriKind.RelativeOrAbsolute),
            ValueTag.Version => Version.Parse(text),
            ValueTag.Address => IPAddress.Parse(text),
            ValueTag.Endpoint => new IPEndPoint(IPAddress.Parse(text), port),
            ValueTag.Culture => CultureInfo.GetCultureInfo(text),
            ValueTag.MailAddress => new MailAddress(text),
            ValueTag.Regex => new Regex(text, (RegexOptions)port, TimeSpan.FromTicks(ticks)),
            ValueTag.File => new FileInfo(text),
            ValueTag.Directory => new DirectoryInfo(text),
            ValueTag.Process => FindProcess(first, new DateTime(ticks, DateTimeKind.Utc)),
            ValueTag.ScriptBlock => EngineInternals.WithLanguageMode(ScriptBlock.Create(text), first < 0 ? null : (PSLanguageMode)first),
            ValueTag.Encoding => first == Encoding.UTF8.CodePage ? new UTF8Encoding(hasPreamble) : Encoding.GetEncoding(first),
            _ => throw new InvalidDataException(Messages.GuardVersionDiffers),
        });
    }

    private object ReadEnumeration(BinaryReader reader)
    {
        string name = graph.Names[reader.Read7BitEncodedInt()];
        long number = reader.ReadInt64();
        string text = reader.ReadText();
        return ValueTypes.FindEnumeration(name) is not { } type ? text
            : Enum.GetUnderlyingType(type) == typeof(ulong) ? Enum.ToObject(type, unchecked((ulong)number))
            : Enum.ToObject(type, number);
    }

    private object ReadType(BinaryReader reader)
    {
        string name = graph.Names[reader.Read7BitEncodedInt()];
        string text = reader.ReadText();
        return Try(() => Type.GetType(name)) ?? (object)text;
    }

    private static SecureString ReadSecret(BinaryReader reader)
    {
        SecureString secret = new();
        foreach (char character in reader.ReadText())
        {
            secret.AppendChar(character);
        }

        secret.MakeReadOnly();
        return secret;
    }

    private object? Resolve(object? slot) => slot is NodeNumber node ? _nodes[node.Number] : slot;

    /// <summary>A value as an element of that type; null if it has another type, which happens where a user's type is missing here.</summary>
    private static object? Fit(object? value, Type element) =>
        value is null || element == typeof(object) ? value
        : element == typeof(PSObject) ? PSObject.AsPSObject(value)
        : (Nullable.GetUnderlyingType(element) ?? element).IsInstanceOfType(value) ? value
        : null;

    private void Fill(Action fill)
    {
        string variable = _variable;
        _fillers.Add(() =>
        {
            _variable = variable;
            fill();
        });
    }

    /// <summary>Only for types in <see cref="ValueTypes"/>, and only with no argument or one of .NET's comparers.</summary>
    private static object Create(Type type, bool ignoresCase)
    {
        Type definition = ValueTypes.DefinitionOf(type);
        bool hasTextKeys = !type.IsGenericType || type.GetGenericArguments()[0] == typeof(string);
        bool takesComparer = type == typeof(Hashtable) || type == typeof(OrderedDictionary) || type == typeof(SortedList)
            || definition == typeof(HashSet<>) || definition == typeof(SortedSet<>) || definition == typeof(Dictionary<,>)
            || definition == typeof(SortedDictionary<,>) || definition == typeof(SortedList<,>)
            || definition == typeof(System.Collections.Concurrent.ConcurrentDictionary<,>);
        return type == typeof(HybridDictionary) ? new HybridDictionary(ignoresCase)
            : type == typeof(ListDictionary) && ignoresCase ? new ListDictionary(StringComparer.OrdinalIgnoreCase)
            : ignoresCase && hasTextKeys && takesComparer ? Activator.CreateInstance(type, StringComparer.OrdinalIgnoreCase)!
            : Activator.CreateInstance(type)!;
    }

    /// <summary>The process with that id, if it still runs and is the same one.</summary>
    private static Process? FindProcess(int id, DateTime startedAt)
    {
        try
        {
            Process process = Process.GetProcessById(id);
            // .NET computes the start time from the boot time, anew each time, so it varies a little.
            return (process.StartTime.ToUniversalTime() - startedAt).Duration() < TimeSpan.FromSeconds(1) ? process : null;
        }
        catch (Exception)
        {
            // It has ended, which most exit blocks would have wanted anyway.
            return null;
        }
    }

    private T? Try<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception)
        {
            report(_variable, (exception as TargetInvocationException)?.InnerException?.Message ?? exception.Message);
            return default;
        }
    }

    private sealed record NodeNumber(int Number);

    /// <summary>A property of a custom object.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Slot">What <see cref="Resolve"/> turns into its value.</param>
    private sealed record Property(string Name, object? Slot);
}
