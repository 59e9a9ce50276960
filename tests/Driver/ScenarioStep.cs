namespace GracefulExit.Tests.Driver;

/// <summary>What the driver does to the child: waits for <see cref="When"/>, then does the one other thing that is set.</summary>
public sealed record ScenarioStep
{
    /// <summary>A whole line of standard output, or a text on the terminal, that comes after what the step before waited for.</summary>
    public string? When { get; init; }

    /// <summary>Send this signal to the child.</summary>
    public string? Signal { get; init; }

    /// <summary>Send these one after another without waiting.</summary>
    public IReadOnlyList<string>? Signals { get; init; }

    /// <summary>How often the list <see cref="Signals"/> is sent.</summary>
    public int? Count { get; init; }

    /// <summary>Send this signal to the child's process group.</summary>
    public string? GroupSignal { get; init; }

    /// <summary>Write this to the terminal or to standard input.</summary>
    public string? Type { get; init; }

    /// <summary>Close the master side of the terminal.</summary>
    public bool CloseTerminal { get; init; }

    /// <summary>Close standard input.</summary>
    public bool CloseInput { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        string action = this switch
        {
            { Signal: { } name } => $"send {name}",
            { Signals: { } names } => $"send {string.Join(", ", names)}" + (Count > 1 ? $", {Count} times" : ""),
            { GroupSignal: { } name } => $"send {name} to the group",
            { Type: { } text } => $"type {Visible(text)}",
            { CloseTerminal: true } => "close the terminal",
            { CloseInput: true } => "close standard input",
            _ => "nothing",
        };
        return When is null ? action : $"at {Visible(When)} {action}";
    }

    /// <summary>What is wrong with the step, if anything.</summary>
    internal IEnumerable<string> Problems(bool terminal)
    {
        object?[] actions = [Signal, Signals, GroupSignal, Type, CloseTerminal ? true : null, CloseInput ? true : null];
        if (actions.Count(action => action is not null) != 1)
        {
            yield return "a step does exactly one of signal, signals, groupSignal, type, closeTerminal and closeInput";
        }

        foreach (string name in (string[])[.. Signals ?? [], .. Named(Signal), .. Named(GroupSignal)])
        {
            if (!Driver.Signals.IsKnown(name))
            {
                yield return $"'{name}' is no signal";
            }
        }

        if (Count is not null && (Signals is null || Count < 1))
        {
            yield return "count, at least 1, goes with signals";
        }

        if (CloseTerminal && !terminal)
        {
            yield return "closeTerminal needs a terminal";
        }

        if (CloseInput && terminal)
        {
            yield return "closeInput is not for terminals; type \\u0004 instead";
        }
    }

    private static string[] Named(string? name) => name is null ? [] : [name];

    private static string Visible(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
