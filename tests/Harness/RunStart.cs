namespace GracefulExit.Tests.Harness;

/// <summary>What a test asks for when it starts a shell.</summary>
public sealed record RunStart
{
    /// <summary>The executable; null: the shell under test.</summary>
    public string? FileName { get; init; }

    /// <summary>The arguments of the executable.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The script, for messages.</summary>
    public string ScriptText { get; init; } = "";

    /// <summary>Signals that the shell inherits as ignored.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Standard input, output and error are a pseudo-terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Standard input is a pipe that the test writes to; otherwise it is empty.</summary>
    public bool Input { get; init; }

    /// <summary>Environment variables that are set for this run; null as a value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>The directory that the shell starts in; null: the run's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The run fails if it has not ended after this.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A process of the run counts as left behind if it outlives the shell by more than this.</summary>
    /// <remarks>One that ends by itself soon, such as a guard that runs an exit block, does not count.</remarks>
    public TimeSpan LeftoverLimit { get; init; } = TimeSpan.FromSeconds(20);
}
