using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Driver;

public sealed class ScenarioTableTests : IDisposable
{
    private const string Minimum = """ "name": "X1-a", "row": "X1", "title": "t", "script": "a.ps1", "stdout": [] """;

    private readonly string _directory = Directory.CreateTempSubdirectory("gx-").FullName;

    public ScenarioTableTests()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "scripts"));
        File.WriteAllText(Path.Combine(_directory, "scripts", "a.ps1"), "");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Defaults_are_as_the_format_says()
    {
        var scenario = Assert.Single(Load($"[ // a comment\n {{ {Minimum} }}, ]"));
        Assert.Equal(ExitStatus.Exited(0), scenario.Status);
        Assert.Equal(ScenarioInvoke.File, scenario.Invoke);
        Assert.False(scenario.Terminal);
        Assert.Equal(["EngineHost", "pwsh"], scenario.Shells);
        Assert.Equal(30, scenario.TimeoutSeconds);
        Assert.Empty(scenario.Steps);
    }

    [Fact]
    public void A_status_is_a_number_or_a_signal()
    {
        Assert.Equal(ExitStatus.Exited(143), Load($"[{{ {Minimum}, \"status\": 143 }}]")[0].Status);
        Assert.Equal(ExitStatus.Killed("SIGTERM"), Load($"[{{ {Minimum}, \"status\": \"SIGTERM\" }}]")[0].Status);
    }

    [Fact]
    public void A_prompt_has_a_terminal_and_no_script()
    {
        var scenario = Load("""[{ "name": "X1-a", "row": "X1", "title": "t", "invoke": "Prompt", "stdoutContains": [] }]""")[0];
        Assert.True(scenario.Terminal);
        Assert.Null(scenario.ScriptPath);
    }

    [Theory]
    [InlineData(""" "colour": 1 """, "colour")]
    [InlineData(""" "status": "SIGNONE" """, "status is 0 to 255 or the name of a signal")]
    [InlineData(""" "status": 256 """, "status is 0 to 255 or the name of a signal")]
    [InlineData(""" "steps": [{ "when": "ready", "kill": "SIGTERM" }] """, "kill")]
    [InlineData(""" "steps": [{ "when": "ready" }] """, "exactly one of")]
    [InlineData(""" "steps": [{ "signal": "SIGTERM", "type": "x" }] """, "exactly one of")]
    [InlineData(""" "steps": [{ "signal": "TERM" }] """, "'TERM' is no signal")]
    [InlineData(""" "steps": [{ "signals": ["SIGTERM", "X"] }] """, "'X' is no signal")]
    [InlineData(""" "steps": [{ "signal": "SIGTERM", "count": 3 }] """, "count")]
    [InlineData(""" "steps": [{ "closeTerminal": true }] """, "needs a terminal")]
    [InlineData(""" "terminal": true, "stderr": ["x"] """, "no standard error of its own")]
    [InlineData(""" "stdoutContains": ["x"] """, "either stdout or stdoutContains")]
    [InlineData(""" "stderr": ["("] """, "Invalid pattern")]
    [InlineData(""" "needs": ["luck"] """, "'luck' is nothing that can be needed")]
    [InlineData(""" "shells": ["zsh"] """, "'zsh' is no shell under test")]
    [InlineData(""" "ignored": ["HUP"] """, "'HUP' is no signal")]
    [InlineData(""" "invoke": "Prompt" """, "a script is needed, except for Prompt")]
    [InlineData(""" "invoke": "Source" """, "$.invoke")]
    public void A_mistake_is_refused_with_the_name_of_the_scenario(string addition, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load($"[{{ {Minimum}, {addition} }}]"));
        Assert.Contains("X1-a: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{ "name": "X1-a", "row": "X1", "title": "t", "script": "b.ps1", "stdout": [] }]""", "there is no script")]
    [InlineData("""[{ "name": "X2-a", "row": "X1", "title": "t", "script": "a.ps1", "stdout": [] }]""", "begins with its row")]
    [InlineData("""[{ "name": "X1-a", "row": "X1", "script": "a.ps1", "stdout": [] }]""", "title")]
    [InlineData("""{ "scenarios": [] }""", "array")]
    [InlineData("""[{ """, "")]
    public void So_is_a_broken_table(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(json));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_unique()
    {
        var error = Assert.Throws<InvalidDataException>(() => Load($"[{{ {Minimum} }}, {{ {Minimum} }}]"));
        Assert.Contains("X1-a: the name is there 2 times", error.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<Scenario> Load(string json)
    {
        string path = Path.Combine(_directory, "scenarios.json");
        File.WriteAllText(path, json);
        return ScenarioTable.Load(path);
    }
}
