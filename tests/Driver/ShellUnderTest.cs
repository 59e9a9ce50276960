namespace GracefulExit.Tests.Driver;

/// <summary>A shell that scenarios are run in.</summary>
/// <param name="Name"><c>EngineHost</c> or <c>pwsh</c>.</param>
/// <param name="Path">The executable.</param>
/// <param name="MissingBecause">Why it can't be used here; null if it can.</param>
public sealed record ShellUnderTest(string Name, string Path, string? MissingBecause = null)
{
    /// <summary>The names that a scenario may list.</summary>
    public static IReadOnlyList<string> Names { get; } = ["EngineHost", "pwsh"];

    /// <summary>All shells, those that are not here too: their scenarios are to be counted as skipped.</summary>
    public static IReadOnlyList<ShellUnderTest> All { get; } = [EngineHost(), Pwsh()];

    /// <summary>The shell of that name.</summary>
    public static ShellUnderTest Named(string name) => All.Single(shell => shell.Name == name);

    /// <summary>The arguments that make a shell run a scenario.</summary>
    public static IReadOnlyList<string> Arguments(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return scenario.Invoke switch
        {
            ScenarioInvoke.Prompt => ["-NoLogo", "-NoProfile"],
            ScenarioInvoke.Command => [.. Prefix(scenario.Terminal), "-Command", $"& {string.Join(' ', scenario.Arguments.Prepend(scenario.ScriptPath!).Select(Quote))}"],
            _ => [.. Prefix(scenario.Terminal), "-File", scenario.ScriptPath!, .. scenario.Arguments],
        };
    }

    /// <summary>The arguments that make a shell run a command that needs no terminal.</summary>
    public static IReadOnlyList<string> CommandArguments(string command) => [.. Prefix(terminal: false), "-Command", command];

    /// <inheritdoc/>
    public override string ToString() => Name;

    // At a terminal, prompts are part of what is tested.
    private static string[] Prefix(bool terminal) => terminal ? ["-NoProfile"] : ["-NoProfile", "-NonInteractive"];

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // Built with the tests: if it is missing, its scenarios fail.
    private static ShellUnderTest EngineHost() => new("EngineHost", Repository.EngineHost);

    private static ShellUnderTest Pwsh()
    {
        // Named but missing is a mistake, and fails; only "not installed" is skipped.
        if (Environment.GetEnvironmentVariable("GRACEFULEXIT_PWSH") is { Length: > 0 } named)
        {
            return new("pwsh", named);
        }

        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => System.IO.Path.Combine(directory, "pwsh"))
            .FirstOrDefault(File.Exists);
        return found is not null ? new("pwsh", found) : new("pwsh", "pwsh", "pwsh is not installed");
    }
}
