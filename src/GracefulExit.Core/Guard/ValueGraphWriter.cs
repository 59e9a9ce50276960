using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using GracefulExit.Engine;

using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>Writes the values of variables into a <see cref="ValueGraph"/>.</summary>
/// <remarks>
/// Threads: one, which may hang in a property or an enumerator of the user's; see <see cref="ValuePacker"/>. Its lock is held
/// during <see cref="Commit"/>, so that committed variables can be read while <see cref="Add"/> hangs.
/// </remarks>
internal sealed class ValueGraphWriter
{
    /// <summary>Texts of at least this length are nodes, since several objects may share one.</summary>
    private const int LongText = 256;

    /// <summary>How deeply objects that arrive as copies of their properties may be nested.</summary>
    private const int CopyDepth = 3;

    private readonly Dictionary<object, Seen> _known;
    private readonly List<string> _names;
    private readonly Dictionary<Type, int> _namePlaces = [];
    private readonly Dictionary<object, Seen> _new = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<Pending> _queue = [];
    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;
    private int _nodeCount;
    private long _byteCount;
    private ValueFidelity _fidelity;
    private long _progress;

    public ValueGraphWriter()
    {
        _known = new Dictionary<object, Seen>(ReferenceEqualityComparer.Instance);
        _names = [];
        _writer = new BinaryWriter(_bytes, Encoding.UTF8);
    }

    /// <summary>Continues after another writer that hangs in a value.</summary>
    /// <param name="before">The other writer.</param>
    /// <param name="names">Its names.</param>
    public ValueGraphWriter(ValueGraphWriter before, IEnumerable<string> names)
    {
        _known = new Dictionary<object, Seen>(before._known, ReferenceEqualityComparer.Instance);
        _names = [.. names];
        _byteCount = before._byteCount;
        _writer = new BinaryWriter(_bytes, Encoding.UTF8);
    }

    /// <summary>Gets the names that slots and nodes refer to.</summary>
    public IReadOnlyList<string> Names => [.. _names];

    /// <summary>Gets how many values have been visited. Any thread.</summary>
    public long Progress => Volatile.Read(ref _progress);

    /// <summary>Packs a variable. <see cref="Commit"/> then adds it to the graph.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="options">Whether it is read-only or constant.</param>
    /// <param name="fidelity">How much of it arrives.</param>
    public ValueGraph.Variable Add(string name, object? value, int options, out ValueFidelity fidelity)
    {
        _new.Clear();
        _queue.Clear();
        _bytes.SetLength(0);
        _fidelity = ValueFidelity.Exact;
        _nodeCount = _known.Count;
        try
        {
            WriteSlot(value, 0);
            byte[] slot = TakeBytes();
            while (_queue.TryDequeue(out Pending? next))
            {
                WriteNode(next.Value, next.Depth);
                if (_byteCount + _bytes.Length > ValueGraph.MaximumBytes)
                {
                    throw new InsufficientMemoryException();
                }
            }

            ValueGraph.Variable variable = new(name, options, slot, _new.Count, TakeBytes());
            fidelity = _fidelity;
            return variable;
        }
        catch (InsufficientMemoryException)
        {
            fidelity = ValueFidelity.TooBig;
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            // It kept changing, or an enumerator of the user's fails.
            fidelity = ValueFidelity.Busy;
        }

        _new.Clear();
        return new ValueGraph.Variable(name, options, new[] { (byte)ValueTag.Null }, 0, default);
    }

    /// <summary>Makes the variable that was added last part of the graph: later ones may refer to its nodes.</summary>
    public void Commit(ValueGraph.Variable variable)
    {
        foreach ((object node, Seen seen) in _new)
        {
            _known.Add(node, seen with { Fidelity = _fidelity });
        }

        _byteCount += variable.Slot.Length + variable.Nodes.Length;
    }

    private byte[] TakeBytes()
    {
        byte[] bytes = _bytes.ToArray();
        _bytes.SetLength(0);
        return bytes;
    }

    private void WriteSlot(object? value, int depth)
    {
        Volatile.Write(ref _progress, _progress + 1);
        object? bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (!TryWriteScalar(bare))
        {
            WriteReference(bare!, depth);
        }
    }

    private void WriteReference(object value, int depth)
    {
        if (!_known.TryGetValue(value, out Seen? seen) && !_new.TryGetValue(value, out seen))
        {
            if (!IsNode(value, depth))
            {
                Lose(depth > 0 ? ValueFidelity.Copy : ValueFidelity.Dropped);
                Write(ValueTag.Null);
                return;
            }

            if (_nodeCount >= ValueGraph.MaximumNodes)
            {
                throw new InsufficientMemoryException();
            }

            seen = new Seen(_nodeCount++, ValueFidelity.Exact);
            _new.Add(value, seen);
            _queue.Enqueue(new Pending(value, depth));
        }

        Lose(seen.Fidelity);
        Write(ValueTag.Node);
        _writer.Write7BitEncodedInt(seen.Number);
    }

    /// <summary>Whether an object can be passed on. Most of those that can't exist in their process only.</summary>
    private static bool IsNode(object value, int depth) => value switch
    {
        string or Array or XmlDocument or PSObject => true,
        IDictionary when ValueTypes.FindDictionary(value.GetType()) is not null => true,
        IEnumerable when ValueTypes.FindCollection(value.GetType()) is not null => true,
        IDisposable or Delegate or Task or System.Reflection.MemberInfo or Thread or IAsyncResult or System.Reflection.Pointer or nint or nuint => false,
        _ => depth < CopyDepth,
    };

    private bool TryWriteScalar(object? value)
    {
        switch (value)
        {
            case null:
                Write(ValueTag.Null);
                break;
            case Enum:
                Write(ValueTag.Enum);
                _writer.Write7BitEncodedInt(NameOf(value.GetType()));
                _writer.Write(Enum.GetUnderlyingType(value.GetType()) == typeof(ulong)
                    ? unchecked((long)Convert.ToUInt64(value, CultureInfo.InvariantCulture))
                    : Convert.ToInt64(value, CultureInfo.InvariantCulture));
                _writer.WriteText(value.ToString()!);
                break;
            case bool yes:
                Write(yes ? ValueTag.True : ValueTag.False);
                break;
            case SwitchParameter given:
                Write(given.IsPresent ? ValueTag.True : ValueTag.False);
                break;
            case char character:
                Write(ValueTag.Char);
                _writer.Write((ushort)character);
                break;
            case sbyte number:
                Write(ValueTag.SByte);
                _writer.Write(number);
                break;
            case byte number:
                Write(ValueTag.Byte);
                _writer.Write(number);
                break;
            case short number:
                Write(ValueTag.Int16);
                _writer.Write(number);
                break;
            case ushort number:
                Write(ValueTag.UInt16);
                _writer.Write(number);
                break;
            case int number:
                Write(ValueTag.Int32);
                _writer.Write(number);
                break;
            case uint number:
                Write(ValueTag.UInt32);
                _writer.Write(number);
                break;
            case long number:
                Write(ValueTag.Int64);
                _writer.Write(number);
                break;
            case ulong number:
                Write(ValueTag.UInt64);
                _writer.Write(number);
                break;
            case float number:
                Write(ValueTag.Single);
                _writer.Write(number);
                break;
            case double number:
                Write(ValueTag.Double);
                _writer.Write(number);
                break;
            case decimal number:
                Write(ValueTag.Decimal);
                _writer.Write(number);
                break;
            case string { Length: < LongText } text:
                Write(ValueTag.String);
                _writer.WriteText(text);
                break;
            default:
                return TryWriteObject(value);
        }

        return true;
    }

    /// <summary>Objects that a few numbers or texts describe.</summary>
    private bool TryWriteObject(object value)
    {
        switch (value)
        {
            case DateTime time:
                Write(ValueTag.DateTime);
                _writer.Write(time.ToBinary());
                break;
            case TimeSpan span:
                Write(ValueTag.TimeSpan);
                _writer.Write(span.Ticks);
                break;
            case Guid guid:
                Write(ValueTag.Guid);
                _writer.Write(guid.ToByteArray());
                break;
            case DateTimeOffset time:
                Write(ValueTag.DateTimeOffset);
                _writer.Write(time.Ticks);
                _writer.Write(time.Offset.Ticks);
                break;
            case DateOnly date:
                Write(ValueTag.DateOnly);
                _writer.Write(date.DayNumber);
                break;
            case TimeOnly time:
                Write(ValueTag.TimeOnly);
                _writer.Write(time.Ticks);
                break;
            case BigInteger number:
                Write(ValueTag.BigInteger);
                WriteBytes(number.ToByteArray());
                break;
            case Version version:
                Write(ValueTag.Version);
                _writer.WriteText(version.ToString());
                break;
            case IPAddress address:
                // IPAddress.Any has a private class of its own.
                Write(ValueTag.Address);
                _writer.WriteText(address.ToString());
                break;
            case SecureString secret:
                Write(ValueTag.SecureString);
                WriteSecret(secret);
                break;
            case PSCredential credential:
                Write(ValueTag.Credential);
                _writer.WriteText(credential.UserName);
                WriteSecret(credential.Password);
                break;
            case Type type:
                Write(ValueTag.Type);
                _writer.Write7BitEncodedInt(NameOf(type));
                _writer.WriteText(type.ToString());
                break;
            case ScriptBlock block:
                Write(ValueTag.ScriptBlock);
                _writer.Write((sbyte)(EngineInternals.LanguageModeOf(block) is { } mode ? (int)mode : -1));
                _writer.WriteText(block.ToString());
                break;
            case Process process:
                return TryWriteProcess(process);
            case Encoding encoding:
                Write(ValueTag.Encoding);
                _writer.Write(encoding.CodePage);
                _writer.Write(encoding.Preamble.Length > 0);
                break;
            default:
                return TryWriteExact(value);
        }

        return true;
    }

    /// <summary>Exact types only: of a user's derived class, only the base would arrive.</summary>
    private bool TryWriteExact(object value)
    {
        Type type = value.GetType();
        if (type == typeof(Uri))
        {
            Write(ValueTag.Uri);
            _writer.WriteText(((Uri)value).OriginalString);
        }
        else if (type == typeof(IPEndPoint))
        {
            Write(ValueTag.Endpoint);
            _writer.WriteText(((IPEndPoint)value).Address.ToString());
            _writer.Write(((IPEndPoint)value).Port);
        }
        else if (type == typeof(CultureInfo))
        {
            Write(ValueTag.Culture);
            _writer.WriteText(((CultureInfo)value).Name);
        }
        else if (type == typeof(MailAddress))
        {
            Write(ValueTag.MailAddress);
            _writer.WriteText(((MailAddress)value).ToString());
        }
        else if (type == typeof(Regex))
        {
            Write(ValueTag.Regex);
            _writer.WriteText(value.ToString()!);
            _writer.Write((int)((Regex)value).Options);
            _writer.Write(((Regex)value).MatchTimeout.Ticks);
        }
        else if (type == typeof(FileInfo) || type == typeof(DirectoryInfo))
        {
            Write(type == typeof(FileInfo) ? ValueTag.File : ValueTag.Directory);
            _writer.WriteText(((FileSystemInfo)value).FullName);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool TryWriteProcess(Process process)
    {
        try
        {
            // The id alone may belong to another process by then.
            int id = process.Id;
            long startedAt = process.StartTime.ToUniversalTime().Ticks;
            Write(ValueTag.Process);
            _writer.Write(id);
            _writer.Write(startedAt);
        }
        catch (Exception)
        {
            // It has ended, or we may not read it.
            Lose(ValueFidelity.Dropped);
            Write(ValueTag.Null);
        }

        return true;
    }

    private void WriteNode(object value, int depth)
    {
        switch (value)
        {
            case string text:
                _writer.Write((byte)NodeKind.Text);
                _writer.WriteText(text);
                break;
            case XmlDocument document:
                _writer.Write((byte)NodeKind.Document);
                _writer.WriteText(document.OuterXml);
                break;
            case PSObject custom:
                WriteProperties(
                    custom.TypeNames[0] == typeof(PSCustomObject).FullName ? [] : [.. custom.TypeNames], Notes(custom), depth);
                break;
            case Array array:
                WriteArray(array, depth);
                break;
            case IDictionary dictionary when ValueTypes.FindDictionary(value.GetType()) is { } type:
                WriteDictionary(dictionary, type, depth);
                break;
            case IEnumerable collection when ValueTypes.FindCollection(value.GetType()) is { } type:
                WriteCollection(collection, type, depth);
                break;
            case IDictionary other:
                // A type that the guard does not create.
                Lose(ValueFidelity.Copy);
                WriteDictionary(other, typeof(System.Collections.Specialized.OrderedDictionary), depth);
                break;
            case ICollection other:
                Lose(ValueFidelity.Copy);
                WriteArray(ValueSnapshot.Items(other), depth);
                break;
            default:
                Lose(ValueFidelity.Copy);
                PSObject members = PSObject.AsPSObject(value);
                WriteProperties(
                    [.. members.TypeNames],
                    [.. members.Properties.Where(static property => property is PSNoteProperty || property.MemberType == PSMemberTypes.Property)],
                    depth + 1);
                break;
        }
    }

    private List<PSPropertyInfo> Notes(PSObject custom)
    {
        List<PSPropertyInfo> notes = [];
        foreach (object? member in ValueSnapshot.Items(custom.Members))
        {
            if (member is PSNoteProperty note)
            {
                notes.Add(note);
            }
            else if (member is PSScriptProperty { IsInstance: true } or PSScriptMethod { IsInstance: true } or PSAliasProperty { IsInstance: true })
            {
                Lose(ValueFidelity.Copy);
            }
        }

        return notes;
    }

    private void WriteProperties(string[] typeNames, List<PSPropertyInfo> properties, int depth)
    {
        List<Property> values = new(properties.Count);
        foreach (PSPropertyInfo property in properties)
        {
            try
            {
                values.Add(new Property(property.Name, property.Value));
            }
            catch (GetValueException)
            {
                // A property that can't be read now has no value to pass on.
            }
        }

        _writer.Write((byte)NodeKind.Custom);
        _writer.Write7BitEncodedInt(typeNames.Length);
        foreach (string name in typeNames)
        {
            _writer.WriteText(name);
        }

        _writer.Write7BitEncodedInt(values.Count);
        foreach (Property read in values)
        {
            _writer.WriteText(read.Name);
            WriteSlot(read.Value, depth);
        }
    }

    private void WriteArray(Array array, int depth)
    {
        Type element = array.GetType().GetElementType()!;
        if (element.IsPrimitive && array.Rank == 1 && element != typeof(nint) && element != typeof(nuint))
        {
            _writer.Write((byte)NodeKind.Numbers);
            ValueTypes.Write(_writer, element, NameOf);
            _writer.Write(array.Length);
            byte[] bytes = new byte[Buffer.ByteLength(array)];
            Buffer.BlockCopy(array, 0, bytes, 0, bytes.Length);
            _writer.Write(bytes);
            return;
        }

        LoseIfUnknown(element);
        _writer.Write((byte)NodeKind.Array);
        ValueTypes.Write(_writer, element, NameOf);
        _writer.Write((byte)array.Rank);
        for (int i = 0; i < array.Rank; i++)
        {
            _writer.Write(array.GetLength(i));
        }

        foreach (object? item in array)
        {
            WriteItem(item, depth);
        }
    }

    private void WriteCollection(IEnumerable collection, Type type, int depth)
    {
        bool isSynchronized = type == typeof(ArrayList) && ((ArrayList)collection).IsSynchronized;
        object?[] items = ValueSnapshot.Items(collection);
        if (ValueTypes.IsStack(type))
        {
            Array.Reverse(items);
        }

        LoseIfUnknown(type);
        LoseIfDerived(collection, type, isSynchronized);
        _writer.Write((byte)NodeKind.Collection);
        ValueTypes.Write(_writer, type, NameOf);
        _writer.Write(IgnoresCase(collection, items));
        _writer.Write(isSynchronized);
        _writer.Write(items.Length);
        foreach (object? item in items)
        {
            WriteItem(item, depth);
        }
    }

    private void WriteDictionary(IDictionary dictionary, Type type, int depth)
    {
        bool isSynchronized = type == typeof(Hashtable) && dictionary.IsSynchronized;
        DictionarySnapshot entries = ValueSnapshot.Entries(dictionary);
        LoseIfUnknown(type);
        LoseIfDerived(dictionary, type, isSynchronized);
        _writer.Write((byte)NodeKind.Dictionary);
        ValueTypes.Write(_writer, type, NameOf);
        _writer.Write(IgnoresCase(dictionary, entries.Keys));
        _writer.Write(isSynchronized);
        _writer.Write(entries.Keys.Length);
        for (int i = 0; i < entries.Keys.Length; i++)
        {
            WriteItem(entries.Keys[i], depth);
            WriteItem(entries.Values[i], depth);
        }
    }

    private void WriteItem(object? item, int depth)
    {
        WriteSlot(item, depth);
        if (_byteCount + _bytes.Length > ValueGraph.MaximumBytes)
        {
            throw new InsufficientMemoryException();
        }
    }

    /// <summary>Elements of a type that the guard does not know go into a collection of objects.</summary>
    private void LoseIfUnknown(Type type)
    {
        if (!ValueTypes.IsKnown(type))
        {
            Lose(ValueFidelity.Copy);
        }
    }

    private void LoseIfDerived(object value, Type type, bool isSynchronized)
    {
        if (value.GetType() != type && !isSynchronized)
        {
            Lose(ValueFidelity.Copy);
        }
    }

    /// <summary>Whether a comparer ignores case. It is tried out, since not all comparers tell.</summary>
    private static bool IgnoresCase(IEnumerable collection, object?[] keys)
    {
        if (collection.GetType().GetProperty("Comparer")?.GetValue(collection) is { } comparer)
        {
            return comparer is IEqualityComparer<string> equality
                ? equality.Equals("a", "A")
                : comparer is IComparer<string> order && order.Compare("a", "A") == 0;
        }

        if (collection is not IDictionary dictionary)
        {
            return false;
        }

        if (collection is Hashtable table && keys.Length < 1000)
        {
            // A copy must compare as the original does.
            Hashtable probe = (Hashtable)table.Clone();
            probe.Clear();
            probe["a"] = 1;
            return probe.ContainsKey("A");
        }

        HashSet<string> texts = [.. keys.OfType<string>()];
        foreach (string text in texts)
        {
            string upper = text.ToUpperInvariant();
            string other = string.Equals(upper, text, StringComparison.Ordinal) ? text.ToLowerInvariant() : upper;
            if (!texts.Contains(other))
            {
                return dictionary.Contains(other);
            }
        }

        // The comparer is unknown: ignore case, as @{} and [ordered]@{} do, unless two keys differ in case only.
        return texts.Count == texts.Distinct(StringComparer.OrdinalIgnoreCase).Count();
    }

    private int NameOf(Type type)
    {
        if (!_namePlaces.TryGetValue(type, out int place))
        {
            place = _names.Count;
            _names.Add(type.AssemblyQualifiedName ?? type.ToString());
            _namePlaces.Add(type, place);
        }

        return place;
    }

    private void Lose(ValueFidelity atMost) => _fidelity = atMost > _fidelity ? atMost : _fidelity;

    private void Write(ValueTag tag) => _writer.Write((byte)tag);

    private void WriteBytes(byte[] bytes)
    {
        _writer.Write(bytes.Length);
        _writer.Write(bytes);
    }

    private void WriteSecret(SecureString secret)
    {
        nint plain = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            _writer.Write7BitEncodedInt(secret.Length);
            for (int i = 0; i < secret.Length; i++)
            {
                _writer.Write(Marshal.ReadInt16(plain, i * sizeof(char)));
            }
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(plain);
        }
    }

    /// <summary>An object that has a node.</summary>
    /// <param name="Number">The number of the node.</param>
    /// <param name="Fidelity">How much arrives of the variable with which it was added.</param>
    private sealed record Seen(int Number, ValueFidelity Fidelity);

    /// <summary>An object whose node is still to be written.</summary>
    /// <param name="Value">The object.</param>
    /// <param name="Depth">How many objects that arrive as copies it is in.</param>
    private sealed record Pending(object Value, int Depth);

    /// <summary>A property of a custom object, and the value that it had when it was read.</summary>
    private sealed record Property(string Name, object? Value);
}
