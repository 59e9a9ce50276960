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
/// The types that a guard creates. They are sent as positions in these lists. A type's name is sent only for an enumeration,
/// and the reader accepts it for nothing else.
/// </summary>
/// <remarks>The order of the lists is part of the protocol. Threads: any.</remarks>
internal static class ValueTypes
{
    private const byte Listed = 0;
    private const byte Generic = 1;
    private const byte ArrayOf = 2;
    private const byte Enumeration = 3;

    /// <summary>The types without type parameters. The first one stands for every type that is not listed.</summary>
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

    private static readonly Dictionary<Type, int> SimplePlaces = PlacesIn(Simple);

    private static readonly Dictionary<Type, int> DefinitionPlaces = PlacesIn(Definitions);

    /// <summary>The collection type that a guard uses for this one: the closest that it knows.</summary>
    public static Type? FindCollection(Type type) => FindIn(Collections, type);

    /// <summary>The dictionary type that a guard uses for this one: the closest that it knows.</summary>
    public static Type? FindDictionary(Type type) => FindIn(Dictionaries, type);

    /// <summary>Gets a value indicating whether the items of such a collection are sent last to first.</summary>
    public static bool IsStack(Type type) => DefinitionOf(type) is { } definition
        && (definition == typeof(Stack) || definition == typeof(Stack<>) || definition == typeof(ConcurrentStack<>));

    public static Type DefinitionOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>Whether a guard creates exactly this type. If not, it uses <see cref="object"/>.</summary>
    public static bool IsKnown(Type type) => type switch
    {
        { IsArray: true } => IsKnown(type.GetElementType()!),
        { IsEnum: true } => true,
        { IsGenericType: true } => DefinitionPlaces.ContainsKey(type.GetGenericTypeDefinition()) && type.GetGenericArguments().All(IsKnown),
        _ => SimplePlaces.ContainsKey(type),
    };

    /// <summary>Writes a type.</summary>
    /// <param name="writer">The destination.</param>
    /// <param name="type">The type.</param>
    /// <param name="nameOf">Returns the number of an enumeration's name.</param>
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
            writer.Write((byte)(SimplePlaces.TryGetValue(type, out int place) ? place : 0));
        }
    }

    /// <summary>Reads what <see cref="Write"/> has written. An enumeration that does not exist here becomes <see cref="object"/>.</summary>
    /// <param name="reader">The source.</param>
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

    /// <summary>The enumeration with that name; null: it does not exist here, or the type is not an enumeration.</summary>
    public static Type? FindEnumeration(string name) => Type.GetType(name) is { IsEnum: true } type ? type : null;

    private static Dictionary<Type, int> PlacesIn(Type[] types)
    {
        Dictionary<Type, int> places = [];
        for (int i = 0; i < types.Length; i++)
        {
            places.Add(types[i], i);
        }

        return places;
    }

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
