using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>
/// The values of variables as bytes: a slot for each variable, and a node for each object that can be reached from it. Nodes
/// refer to each other by number, so shared objects and cycles are preserved.
/// </summary>
/// <remarks>
/// <para>
/// Why user data can't pose as protocol data: the reader decides by a tag what to create next, and only
/// <see cref="ValueGraphWriter"/> writes tags, according to a value's real .NET type. Texts, keys, property names and type
/// names of custom objects follow a tag and their own length, and are read as text only. No text is parsed, so nothing can be
/// forged in one. The reader creates only types in the closed lists of <see cref="ValueTypes"/>. Two kinds of type names are
/// sent: of enumerations, which the reader accepts only if they are enumerations, and of <see cref="System.Type"/> objects,
/// which are never instantiated. A script block is created only where there was one, in its own language mode.
/// </para>
/// <para>
/// A graph has at most <see cref="MaximumNodes"/> nodes and <see cref="MaximumBytes"/> bytes. A variable that would exceed
/// this arrives as <c>$null</c>, with a warning; the others are not affected. Work and memory grow with the number of
/// objects, not with the number of paths to them. Nothing is recursive, so deep objects need no deep stack.
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
    /// <param name="NodeCount">How many nodes it adds to those of the variables before it.</param>
    /// <param name="Nodes">The added nodes.</param>
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
