using System.Collections;
using System.Management.Automation;
using System.Text;
using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>
/// What a guard needs in order to run a scope's exit blocks: their text, the variables that they name by value, the
/// functions and modules that they name, the place and the environment.
/// </summary>
internal sealed record GuardPayload
{
    /// <summary>The owner's process number, for the log.</summary>
    public required int OwnerId { get; init; }

    public required DateTime StartedAt { get; init; }

    /// <summary>How long an exit block may run; zero: for ever.</summary>
    public required TimeSpan ExitTimeout { get; init; }

    /// <summary>The file that failures are noted in; empty: none.</summary>
    public required string LogPath { get; init; }

    public required IReadOnlyList<ScriptText> ExitBlocks { get; init; }

    /// <summary>Names, and the CliXml of what <see cref="GuardValue"/> made of the values.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required IReadOnlyDictionary<string, string> Functions { get; init; }

    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>Scripts that define the classes and enumerations that they name.</summary>
    public required IReadOnlyList<ScriptText> Types { get; init; }

    /// <summary>The location of the caller's session.</summary>
    public required string Location { get; init; }

    /// <summary>The working directory of the process, which need not be the session's.</summary>
    public required string WorkingDirectory { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Takes what a scope's exit blocks need from the caller's session, as it is now. Pipeline thread.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="logPath">See <see cref="LogPath"/>.</param>
    /// <param name="warn">Is told of variables and classes that can't be taken along as they are.</param>
    public static GuardPayload Take(ScopeContents scope, string logPath, Action<string> warn)
    {
        CapturedSession session = SessionCapture.Take(scope, forOtherProcess: true);
        Dictionary<string, string> variables = [];
        foreach ((string name, object? value) in session.Variables)
        {
            object? packed = GuardValue.Pack(value, out GuardValueFidelity fidelity);
            if (fidelity != GuardValueFidelity.Exact)
            {
                string type = PSObject.AsPSObject(value).BaseObject.GetType().ToString();
                warn(fidelity == GuardValueFidelity.Copy ? Messages.GuardValueCopied(name, type) : Messages.GuardValueDropped(name, type));
            }

            variables[name] = PSSerializer.Serialize(packed, GuardValue.SerializationDepth);
        }

        foreach (string type in session.MissingTypes)
        {
            warn(Messages.GuardTypeMissing(type));
        }

        return new GuardPayload
        {
            OwnerId = System.Environment.ProcessId,
            StartedAt = scope.StartedAt,
            ExitTimeout = scope.ExitTimeout,
            LogPath = logPath,
            ExitBlocks = [.. scope.Blocks.Select(static block => ScriptText.Of(block.Script))],
            Variables = variables,
            Functions = session.Functions,
            Modules = [.. session.Modules],
            Types = session.Types,
            Location = session.Location,
            WorkingDirectory = System.Environment.CurrentDirectory,
            Environment = CurrentEnvironment(),
        };
    }

    /// <summary>The environment of this process as PowerShell shows it, <c>$env:</c> changes included.</summary>
    public static Dictionary<string, string> CurrentEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    public static GuardPayload FromBytes(ReadOnlyMemory<byte> bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        return new GuardPayload
        {
            OwnerId = reader.ReadInt32(),
            StartedAt = DateTime.FromBinary(reader.ReadInt64()),
            ExitTimeout = TimeSpan.FromTicks(reader.ReadInt64()),
            LogPath = reader.ReadString(),
            ExitBlocks = ReadList(reader, ScriptText.Read),
            Variables = ReadDictionary(reader),
            Functions = ReadDictionary(reader),
            Modules = ReadList(reader, each => each.ReadString()),
            Types = ReadList(reader, ScriptText.Read),
            Location = reader.ReadString(),
            WorkingDirectory = reader.ReadString(),
            Environment = ReadDictionary(reader),
        };
    }

    public byte[] ToBytes()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(OwnerId);
        writer.Write(StartedAt.ToBinary());
        writer.Write(ExitTimeout.Ticks);
        writer.Write(LogPath);
        WriteList(writer, ExitBlocks, block => block.Write(writer));
        WriteDictionary(writer, Variables);
        WriteDictionary(writer, Functions);
        WriteList(writer, Modules, writer.Write);
        WriteList(writer, Types, script => script.Write(writer));
        writer.Write(Location);
        writer.Write(WorkingDirectory);
        WriteDictionary(writer, Environment);
        writer.Flush();
        return bytes.ToArray();
    }

    private static void WriteList<T>(BinaryWriter writer, IReadOnlyCollection<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (T item in items)
        {
            write(item);
        }
    }

    private static T[] ReadList<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        T[] items = new T[reader.ReadInt32()];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = read(reader);
        }

        return items;
    }

    private static void WriteDictionary(BinaryWriter writer, IReadOnlyDictionary<string, string> items) =>
        WriteList(writer, items, item =>
        {
            writer.Write(item.Key);
            writer.Write(item.Value);
        });

    private static Dictionary<string, string> ReadDictionary(BinaryReader reader) =>
        ReadList(reader, each => KeyValuePair.Create(each.ReadString(), each.ReadString())).ToDictionary();
}
