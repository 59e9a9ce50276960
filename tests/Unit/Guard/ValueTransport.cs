using System.Text;
using GracefulExit.Guard;
using GracefulExit.Rescue;

namespace GracefulExit.Unit.Guard;

/// <summary>Sends values as a payload does: packed, written, read, made again.</summary>
internal static class ValueTransport
{
    public static ValueGraph Pack(object? value, out ValueFidelity fidelity)
    {
        ValueFidelity told = ValueFidelity.Exact;
        ValueGraph graph = ValuePacker.Pack([new CapturedVariable("value", value)], (_, loss) => told = loss);
        fidelity = told;
        return graph;
    }

    public static object? Receive(ValueGraph graph) => ReadAll(graph)["value"];

    public static Dictionary<string, object?> Send(params (string Name, object? Value)[] variables) =>
        Send(static fidelity => Assert.Equal(ValueFidelity.Exact, fidelity), variables);

    public static Dictionary<string, object?> Send(Action<ValueFidelity> lose, params (string Name, object? Value)[] variables) => ReadAll(
        ValuePacker.Pack([.. variables.Select(static variable => new CapturedVariable(variable.Name, variable.Value))], (_, fidelity) => lose(fidelity)));

    private static Dictionary<string, object?> ReadAll(ValueGraph graph)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        graph.Write(writer);
        writer.Flush();
        bytes.Position = 0;
        using BinaryReader reader = new(bytes, Encoding.UTF8);
        return new ValueGraphReader(ValueGraph.Read(reader), static (_, _) => { }).Read().ToDictionary(static each => each.Name, static each => each.Value);
    }
}
