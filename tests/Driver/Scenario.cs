using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace GracefulExit.Tests.Driver;

/// <summary>An entry of the table of scenarios; <c>tests/Scenarios/README.md</c> says what the fields mean.</summary>
public sealed record Scenario
{
    /// <summary>Unique; begins with <see cref="Row"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The row of the specification.</summary>
    public required string Row { get; init; }

    /// <summary>One sentence: what is shown.</summary>
    public required string Title { get; init; }

    /// <summary>The script, a file in <c>scripts/</c>; null for <see cref="ScenarioInvoke.Prompt"/>.</summary>
    public string? Script { get; init; }

    /// <summary>Arguments of the script.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How the shell is given the script.</summary>
    public ScenarioInvoke Invoke { get; init; }

    /// <summary>Whether the child has a pseudo-terminal.</summary>
    public bool Terminal
    {
        get => field || Invoke == ScenarioInvoke.Prompt;
        init;
    }

    /// <summary>Signals that the child inherits as ignored.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether standard output is closed on the child once it has written <c>ready</c>.</summary>
    public bool ClosedOutput { get; init; }

    /// <summary>What the driver does.</summary>
    public IReadOnlyList<ScenarioStep> Steps { get; init; } = [];

    /// <summary>The exact lines of standard output.</summary>
    public IReadOnlyList<string>? Stdout { get; init; }

    /// <summary>Regular expressions that match standard output in this order.</summary>
    public IReadOnlyList<string>? StdoutContains { get; init; }

    /// <summary>Regular expressions that match standard error in this order; none: it is empty.</summary>
    public IReadOnlyList<string> Stderr { get; init; } = [];

    /// <summary>The exact lines of files that the script leaves in <c>$env:SCENARIO_TEMP</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Files { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How the child ends.</summary>
    [JsonConverter(typeof(ExitStatusConverter))]
    public ExitStatus Status { get; init; } = ExitStatus.Exited(0);

    /// <summary>Gets another status that is as good, where the shell itself gives the one or the other by chance.</summary>
    [JsonConverter(typeof(ExitStatusConverter))]
    public ExitStatus? OrStatus { get; init; }

    /// <summary>Whether the shell may end like this.</summary>
    public bool Allows(ExitStatus status) => status == Status || status == OrStatus;

    /// <summary>What the machine or the shell must have.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The shells that can run it.</summary>
    public IReadOnlyList<string> Shells { get; init; } = ShellUnderTest.Names;

    /// <summary>The child is killed and the scenario fails after this.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>The full path of <see cref="Script"/>, set when the table is loaded.</summary>
    [JsonIgnore]
    public string? ScriptPath { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>What is wrong with the entry, if anything.</summary>
    internal IEnumerable<string> Problems()
    {
        if (!Name.StartsWith(Row + "-", StringComparison.Ordinal))
        {
            yield return $"the name begins with its row: '{Row}-…'";
        }

        if (Invoke == ScenarioInvoke.Prompt ? Script is not null : Script is null)
        {
            yield return "a script is needed, except for Prompt, which has none";
        }

        if (ScriptPath is not null && !File.Exists(ScriptPath))
        {
            yield return $"there is no script '{ScriptPath}'";
        }

        if ((Stdout is null) == (StdoutContains is null))
        {
            yield return "give either stdout or stdoutContains";
        }

        if (Terminal && Stderr.Count > 0)
        {
            yield return "a terminal has no standard error of its own: use stdoutContains";
        }

        if (Terminal && ClosedOutput)
        {
            yield return "closedOutput is not for terminals; see closeTerminal";
        }

        if (TimeoutSeconds < 1)
        {
            yield return "timeoutSeconds is at least 1";
        }

        foreach (string name in Ignored.Where(name => !Signals.IsKnown(name)))
        {
            yield return $"'{name}' is no signal";
        }

        foreach (string name in Shells.Except(ShellUnderTest.Names))
        {
            yield return $"'{name}' is no shell under test; there are {string.Join(" and ", ShellUnderTest.Names)}";
        }

        foreach (string problem in Needs.Where(need => !Driver.Needs.IsKnown(need)).Select(need => $"'{need}' is nothing that can be needed; there are {Driver.Needs.Known}"))
        {
            yield return problem;
        }

        foreach (string problem in Patterns().Concat(Steps.SelectMany(step => step.Problems(Terminal))))
        {
            yield return problem;
        }
    }

    private IEnumerable<string> Patterns()
    {
        foreach (string pattern in (string[])[.. StdoutContains ?? [], .. Stderr])
        {
            string? problem = null;
            try
            {
                _ = new Regex(pattern);
            }
            catch (ArgumentException e)
            {
                problem = e.Message;
            }

            if (problem is not null)
            {
                yield return problem;
            }
        }
    }
}
