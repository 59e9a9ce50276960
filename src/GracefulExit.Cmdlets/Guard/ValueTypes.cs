using System.Collections;
using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Numerics;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace GracefulExit.Guard;

/// <summary>
/// The types that a guard makes, and how they are told: as places in these lists. A name of a type is told in one case only,
/// that of an enumeration, and the reader takes it for nothing else.
/// </summary>
/// <remarks>The order of the lists is part of the protocol. Threads: any.</remarks>
internal static class ValueTypes
{
    private const byte Listed = 0;
    private const byte Generic = 1;
    private const byte ArrayOf = 2;
    private const byte Enumeration = 3;

    /// <summary>Those that have no parameters. First what stands for every type that is not listed.</summary>
    private static readonly Type[] Simple =
    [
        typeof(object), typeof(string), typeof(bool), typeof(char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort),
        typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(DateTime),
        typeof(TimeSpan), typeof(Guid), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(BigInteger),
        typeof(Uri), typeof(Version), typeof(IPAddress), typeof(IPEndPoint), typeof(CultureInfo), typeof(MailAddress),
        typeof(Type), typeof(Regex), typeof(FileInfo), typeof(DirectoryInfo), typeof(FileSystemInfo), typeof(Process),
        typeof(ScriptBlock), typeof(Encoding), typeof(SecureString), typeof(PSCredential), typeof(XmlDocument), typeof(PSObject),
        typeof(Hashtable), typeof(OrderedDictionary), typeof(SortedList), typeof(ListDictionary), typeof(HybridDictionary),
        typeof(DefaultParameterDictionary), typeof(ArrayList), typeof(Queue), typeof(Stack), typeof(StringCollection),
        typeof(IDictionary), typeof(IList), typeof(ICollection), typeof(IEnumerable),
    ];

    private static readonly Type[] Definitions =
    [
        typeof(Nullable<>), typeof(KeyValuePair<,>),
        typeof(List<>), typeof(LinkedList<>), typeof(Queue<>), typeof(Stack<>), typeof(HashSet<>), typeof(SortedSet<>),
        typeof(Collection<>), typeof(ObservableCollection<>), typeof(ReadOnlyCollection<>),
        typeof(ConcurrentQueue<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>),
        typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>), typeof(ConcurrentDictionary<,>),
        typeof(IEnumerable<>), typeof(ICollection<>), typeof(IList<>), typeof(ISet<>), typeof(IDictionary<,>),
        typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>), typeof(IReadOnlyDictionary<,>),
    ];

    private static readonly HashSet<Type> Collections =
    [
        typeof(ArrayList), typeof(Queue), typeof(Stack), typeof(StringCollection), typeof(List<>), typeof(LinkedList<>),
        typeof(Queue<>), typeof(Stack<>), typeof(HashSet<>), typeof(SortedSet<>), typeof(Collection<>),
        typeof(ObservableCollection<>), typeof(ReadOnlyCollection<>), typeof(ConcurrentQueue<>), typeof(ConcurrentStack<>),
        typeof(ConcurrentBag<>),
    ];

    private static readonly HashSet<Type> Dictionaries =
    [
        typeof(Hashtable), typeof(OrderedDictionary), typeof(SortedList), typeof(ListDictionary), typeof(HybridDictionary),
        typeof(DefaultParameterDictionary), typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>),
        typeof(ConcurrentDictionary<,>),
    ];

    private static readonly Dictionary<Type, int> SimplePlaces = Simple.Select(Place).ToDictionary();

    private static readonly Dictionary<Type, int> DefinitionPlaces = Definitions.Select(Place).ToDictionary();

    /// <summary>The collection that a guard makes for one of this type: the nearest one it knows.</summary>
    public static Type? FindCollection(Type type) => FindIn(Collections, type);

    /// <summary>The dictionary that a guard makes for one of this type: the nearest one it knows.</summary>
    public static Type? FindDictionary(Type type) => FindIn(Dictionaries, type);

    /// <summary>Gets a value indicating whether such a collection is told from its last item on.</summary>
    public static bool IsStack(Type type) => DefinitionOf(type) is { } definition
        && (definition == typeof(Stack) || definition == typeof(Stack<>) || definition == typeof(ConcurrentStack<>));

    public static Type DefinitionOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>Whether a guard makes this very type, or if not, <see cref="object"/> in its place.</summary>
    public static bool IsKnown(Type type) => type switch
    {
        { IsArray: true } => IsKnown(type.GetElementType()!),
        { IsEnum: true } => true,
        { IsGenericType: true } => DefinitionPlaces.ContainsKey(type.GetGenericTypeDefinition()) && type.GetGenericArguments().All(IsKnown),
        _ => SimplePlaces.ContainsKey(type),
    };

    /// <summary>Tells a type.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">The type.</param>
    /// <param name="nameOf">Gives the name of an enumeration a number.</param>
    public static void Write(BinaryWriter writer, Type type, Func<Type, int> nameOf)
    {
        if (type.IsArray)
        {
            writer.Write(ArrayOf);
            writer.Write((byte)type.GetArrayRank());
            Write(writer, type.GetElementType()!, nameOf);
        }
        else if (type.IsEnum)
        {
            writer.Write(Enumeration);
            writer.Write7BitEncodedInt(nameOf(type));
        }
        else if (type.IsGenericType && DefinitionPlaces.TryGetValue(type.GetGenericTypeDefinition(), out int definition))
        {
            writer.Write(Generic);
            writer.Write((byte)definition);
            foreach (Type argument in type.GetGenericArguments())
            {
                Write(writer, argument, nameOf);
            }
        }
        else
        {
            writer.Write(Listed);
            writer.Write((byte)SimplePlaces.GetValueOrDefault(type));
        }
    }

    /// <summary>Reads what <see cref="Write"/> has written. An enumeration that is not there becomes <see cref="object"/>.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="names">The names of the enumerations.</param>
    public static Type Read(BinaryReader reader, IReadOnlyList<string> names)
    {
        switch (reader.ReadByte())
        {
            case ArrayOf:
                int rank = reader.ReadByte();
                Type element = Read(reader, names);
                return rank == 1 ? element.MakeArrayType() : element.MakeArrayType(rank);
            case Enumeration:
                return FindEnumeration(names[reader.Read7BitEncodedInt()]) ?? typeof(object);
            case Generic:
                Type definition = Definitions[reader.ReadByte()];
                Type[] arguments = [.. definition.GetGenericArguments().Select(_ => Read(reader, names))];
                return definition == typeof(Nullable<>) && !arguments[0].IsValueType ? typeof(object) : definition.MakeGenericType(arguments);
            default:
                return Simple[reader.ReadByte()];
        }
    }

    /// <summary>The enumeration of that name; null: there is none here, or the name is another type's.</summary>
    public static Type? FindEnumeration(string name) => Type.GetType(name) is { IsEnum: true } type ? type : null;

    private static KeyValuePair<Type, int> Place(Type type, int place) => KeyValuePair.Create(type, place);

    private static Type? FindIn(HashSet<Type> known, Type type)
    {
        for (Type? each = type; each is not null; each = each.BaseType)
        {
            if (known.Contains(DefinitionOf(each)))
            {
                return each;
            }
        }

        return null;
    }
}
