namespace GracefulExit.Tests.Harness;

/// <summary>What is to be started by <see cref="ShellProcess.Start"/>, and how.</summary>
public sealed record ShellStart
{
    /// <summary>The executable: a path, or a name to be found in <c>PATH</c>.</summary>
    public required string FileName { get; init; }

    /// <summary>The arguments, without the name of the executable.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment of the child; null: that of this process.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>The directory that the child starts in; null: that of this process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Signals that the child inherits as ignored; all others have their default disposition.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Standard input, output and error are a pseudo-terminal, which controls the child's session.</summary>
    public bool Terminal { get; init; }

    /// <summary>The size of the terminal.</summary>
    public TerminalSize TerminalSize { get; init; } = TerminalSize.Usual;

    /// <summary>Called for each piece of text that the terminal gets, escape sequences included, on the thread that reads it.</summary>
    public Action<string>? OnTerminalOutput { get; init; }

    /// <summary>Creates the filter for standard output, and another one for standard error. Not for terminals.</summary>
    public Func<Func<string, string>>? OutputFilter { get; init; }

    /// <summary>Standard input is a pipe that the test writes to; otherwise it is empty. Not for terminals.</summary>
    public bool Input { get; init; }
}
