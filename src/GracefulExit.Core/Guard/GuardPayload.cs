using System.Collections;
using System.Management.Automation;
using System.Text;
using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>
/// What a guard needs to run exit blocks: their text, the values of the variables that they name, the functions, aliases and
/// modules that they name, the settings that make the session safe, the location and the environment.
/// </summary>
/// <remarks>Values are in a <see cref="ValueGraph"/>. All other fields are read in the order in which they are written.</remarks>
internal sealed record GuardPayload
{
    /// <summary>A pushed block's arguments are passed as a variable with this name, which no variable of a script can have.</summary>
    public const string ArgumentsName = "\0arguments";

    /// <summary>The owner's process id, for the log.</summary>
    public required int OwnerId { get; init; }

    public required DateTime StartedAt { get; init; }

    /// <summary>How long an exit block may run; zero: no limit.</summary>
    public required TimeSpan ExitTimeout { get; init; }

    /// <summary>The log file; empty: none.</summary>
    public required string LogPath { get; init; }

    public required IReadOnlyList<ScriptText> ExitBlocks { get; init; }

    public required ValueGraph Variables { get; init; }

    public required IReadOnlyList<CapturedFunction> Functions { get; init; }

    public required IReadOnlyDictionary<string, string> Aliases { get; init; }

    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>Scripts that define the classes and enumerations that the exit blocks name.</summary>
    public required IReadOnlyList<ScriptText> Types { get; init; }

    /// <summary>The location of the caller's session.</summary>
    public required string Location { get; init; }

    /// <summary>The version of Set-StrictMode; empty: off.</summary>
    public required string StrictMode { get; init; }

    public required PSLanguageMode LanguageMode { get; init; }

    /// <summary>The working directory of the process, which may differ from the session's; empty: it can't be read.</summary>
    public required string WorkingDirectory { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Makes the payload of exit blocks.</summary>
    /// <param name="blocks">The exit blocks.</param>
    /// <param name="session">What they need, as of now.</param>
    /// <param name="startedAt">See <see cref="StartedAt"/>.</param>
    /// <param name="exitTimeout">See <see cref="ExitTimeout"/>.</param>
    /// <param name="logPath">See <see cref="LogPath"/>.</param>
    /// <param name="warn">Gets warnings about variables and classes that can't be passed on unchanged.</param>
    public static GuardPayload Of(
        IEnumerable<ScriptBlock> blocks, CapturedSession session, DateTime startedAt, TimeSpan exitTimeout, string logPath, Action<string> warn)
    {
        ValueGraph variables = ValuePacker.Pack(session.Variables, (variable, fidelity) => warn(Explain(variable, fidelity)));
        foreach (string type in session.MissingTypes)
        {
            warn(Messages.GuardTypeMissing(type));
        }

        return new GuardPayload
        {
            OwnerId = System.Environment.ProcessId,
            StartedAt = startedAt,
            ExitTimeout = exitTimeout,
            LogPath = logPath,
            ExitBlocks = [.. blocks.Select(ScriptText.Of)],
            Variables = variables,
            Functions = session.Functions,
            Aliases = session.Aliases,
            Modules = [.. session.Modules],
            Types = session.Types,
            Location = session.Location,
            StrictMode = session.StrictMode?.ToString() ?? string.Empty,
            LanguageMode = session.LanguageMode,
            WorkingDirectory = CurrentDirectory(),
            Environment = CurrentEnvironment(),
        };
    }

    /// <summary>The environment of this process as PowerShell shows it, <c>$env:</c> changes included.</summary>
    public static Dictionary<string, string> CurrentEnvironment()
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            environment.Add((string)entry.Key, (string)entry.Value!);
        }

        return environment;
    }

    public static GuardPayload FromBytes(ReadOnlyMemory<byte> bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        return new GuardPayload
        {
            OwnerId = reader.ReadInt32(),
            StartedAt = DateTime.FromBinary(reader.ReadInt64()),
            ExitTimeout = TimeSpan.FromTicks(reader.ReadInt64()),
            LogPath = reader.ReadText(),
            ExitBlocks = ReadList(reader, ScriptText.Read),
            Variables = ValueGraph.Read(reader),
            Functions = ReadList(reader, ReadFunction),
            Aliases = ReadDictionary(reader),
            Modules = ReadList(reader, static each => each.ReadText()),
            Types = ReadList(reader, ScriptText.Read),
            Location = reader.ReadText(),
            StrictMode = reader.ReadText(),
            LanguageMode = (PSLanguageMode)reader.ReadInt32(),
            WorkingDirectory = reader.ReadText(),
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
        writer.WriteText(LogPath);
        WriteList(writer, ExitBlocks, block => block.Write(writer));
        Variables.Write(writer);
        WriteList(writer, Functions, function => WriteFunction(writer, function));
        WriteDictionary(writer, Aliases);
        WriteList(writer, Modules, writer.WriteText);
        WriteList(writer, Types, script => script.Write(writer));
        writer.WriteText(Location);
        writer.WriteText(StrictMode);
        writer.Write((int)LanguageMode);
        writer.WriteText(WorkingDirectory);
        WriteDictionary(writer, Environment);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The session in which a guard runs the exit blocks.</summary>
    /// <param name="report">Gets the name of a variable, and which part of its value can't be restored.</param>
    public CapturedSession ToSession(Action<string, string> report) => new()
    {
        Variables = new ValueGraphReader(Variables, report).Read(),
        Functions = Functions,
        Aliases = Aliases,
        Modules = Modules,
        Location = Location,
        StrictMode = Version.TryParse(StrictMode, out Version? version) ? version : null,
        LanguageMode = LanguageMode,
        AreValuesNew = true,
    };

    private static string Explain(CapturedVariable variable, ValueFidelity fidelity)
    {
        string type = PSObject.AsPSObject(variable.Value).BaseObject.GetType().ToString();
        return fidelity switch
        {
            ValueFidelity.Copy => Messages.GuardValueCopied(variable.Name, type),
            ValueFidelity.Busy => Messages.GuardValueBusy(variable.Name, type),
            ValueFidelity.TooBig => Messages.GuardValueTooBig(variable.Name, type, ValueGraph.MaximumNodes, ValueGraph.MaximumBytes >> 20),
            _ => Messages.GuardValueDropped(variable.Name, type),
        };
    }

    private static string CurrentDirectory()
    {
        try
        {
            return System.Environment.CurrentDirectory;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The directory was removed, or we may not read it any more.
            return string.Empty;
        }
    }

    private static void WriteFunction(BinaryWriter writer, CapturedFunction function)
    {
        writer.WriteText(function.Name);
        function.Text.Write(writer);
        writer.Write(function.LanguageMode is { } mode ? (int)mode : -1);
    }

    private static CapturedFunction ReadFunction(BinaryReader reader)
    {
        string name = reader.ReadText();
        ScriptText text = ScriptText.Read(reader);
        int mode = reader.ReadInt32();
        return new CapturedFunction(name, text, mode < 0 ? null : (PSLanguageMode)mode);
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

    private static void WriteDictionary(BinaryWriter writer, IReadOnlyDictionary<string, string> items)
    {
        writer.Write(items.Count);
        foreach ((string key, string value) in items)
        {
            writer.WriteText(key);
            writer.WriteText(value);
        }
    }

    private static Dictionary<string, string> ReadDictionary(BinaryReader reader)
    {
        Dictionary<string, string> items = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            items.Add(reader.ReadText(), reader.ReadText());
        }

        return items;
    }
}
