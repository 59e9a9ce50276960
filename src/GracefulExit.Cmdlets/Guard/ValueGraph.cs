using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>
/// The values of variables as bytes: a slot for each variable, and the objects that these lead to as nodes, which refer to
/// each other by number. What was one object is one again, and what contains itself does so again.
/// </summary>
/// <remarks>
/// <para>
/// Why nothing of the user's can pass for something of ours: a reader decides by a tag what to make next, and tags are
/// written by <see cref="ValueGraphWriter"/> alone, each for the .NET type that a value really had. Texts, keys, names of
/// properties and type names of custom objects stand behind a tag and their own length, and are read as nothing but text.
/// No text is parsed for notes of ours, so there is none to forge. What is made comes from the closed lists of
/// <see cref="ValueTypes"/>; the names of types that are told are those of enumerations, which the reader takes only if they
/// are enumerations, and those of <see cref="System.Type"/> objects, of which nothing is made. A script block is made where a
/// script block was, in the language mode that it had.
/// </para>
/// <para>
/// A graph has at most <see cref="MaximumNodes"/> nodes and <see cref="MaximumBytes"/> bytes. A variable that would pass
/// this arrives as <c>$null</c>, with a warning; the others are not affected. Work and memory grow with the number of
/// objects, not with the number of ways that lead to them, and nothing is recursive: depth needs no stack.
/// </para>
/// </remarks>
/// <param name="Names">The names of enumerations and types that slots and nodes refer to by number.</param>
/// <param name="Variables">The variables.</param>
internal sealed record ValueGraph(IReadOnlyList<string> Names, IReadOnlyList<ValueGraph.Variable> Variables)
{
    public const int MaximumNodes = 200_000;

    public const int MaximumBytes = 64 << 20;

    public static ValueGraph Empty { get; } = new([], []);

    /// <summary>A variable.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Options">Whether it is read-only or constant.</param>
    /// <param name="Slot">Its value.</param>
    /// <param name="NodeCount">How many nodes it brings that no variable before it has brought.</param>
    /// <param name="Nodes">These nodes.</param>
    internal sealed record Variable(string Name, int Options, ReadOnlyMemory<byte> Slot, int NodeCount, ReadOnlyMemory<byte> Nodes);

    public static ValueGraph Read(BinaryReader reader)
    {
        string[] names = new string[reader.ReadInt32()];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.ReadText();
        }

        Variable[] variables = new Variable[reader.ReadInt32()];
        for (int i = 0; i < variables.Length; i++)
        {
            variables[i] = new Variable(
                reader.ReadText(), reader.ReadInt32(), reader.ReadBytes(reader.ReadInt32()), reader.ReadInt32(), reader.ReadBytes(reader.ReadInt32()));
        }

        return new ValueGraph(names, variables);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Names.Count);
        foreach (string name in Names)
        {
            writer.WriteText(name);
        }

        writer.Write(Variables.Count);
        foreach (Variable variable in Variables)
        {
            writer.WriteText(variable.Name);
            writer.Write(variable.Options);
            writer.Write(variable.Slot.Length);
            writer.Write(variable.Slot.Span);
            writer.Write(variable.NodeCount);
            writer.Write(variable.Nodes.Length);
            writer.Write(variable.Nodes.Span);
        }
    }
}
