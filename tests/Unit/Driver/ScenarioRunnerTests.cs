using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Driver;

/// <summary>The runner on scenarios of which the outcome is known: scripts for <c>sh</c> instead of PowerShell.</summary>
public sealed class ScenarioRunnerTests : IDisposable
{
    // Takes a shell's arguments up to -File, and runs the script in sh.
    private const string Launcher = "#!/bin/sh\nwhile [ \"$1\" != -File ]; do shift; done\nshift\nexec /bin/sh \"$@\"\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("gx-").FullName;
    private readonly ShellUnderTest _shell;

    public ScenarioRunnerTests()
    {
        string launcher = Path.Combine(_directory, "shell");
        File.WriteAllText(launcher, Launcher);
        File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _shell = new ShellUnderTest("pwsh", launcher);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void As_expected_is_passed()
    {
        var result = Run("trap 'echo got it; echo note >&2; echo kept >$SCENARIO_TEMP/log; exit 3' TERM; echo ready; while :; do sleep 0.05; done", scenario => scenario with
        {
            Steps = [new ScenarioStep { When = "ready", Signal = "SIGTERM" }],
            Stdout = ["ready", "got it"],
            Stderr = ["^no.e$"],
            Files = new Dictionary<string, IReadOnlyList<string>> { ["log"] = ["kept"] },
            Status = ExitStatus.Exited(3),
        });
        Assert.Equal("", result.Message);
        Assert.Equal(ScenarioOutcome.Passed, result.Outcome);
    }

    [Fact]
    public void Each_difference_is_told_and_everything_is_shown()
    {
        var result = Run("echo one; echo two; echo oops >&2; exit 4", scenario => scenario with
        {
            Stdout = ["one", "three"],
            Files = new Dictionary<string, IReadOnlyList<string>> { ["log"] = ["kept"] },
        });
        Assert.Equal(ScenarioOutcome.Failed, result.Outcome);
        Assert.Equal(
            ["status: expected exit 0, was exit 4", "stdout: line 2: expected \"three\", was \"two\"", "stderr: expected nothing", "file log: line 1: expected \"kept\", was no such line"],
            result.Problems);
        Assert.All(["three", "two", "oops", "exit 4"], text => Assert.Contains(text, result.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_signal_is_not_its_number()
    {
        var result = Run("exit 143", scenario => scenario with { Status = ExitStatus.Killed("SIGTERM") });
        Assert.Equal(["status: expected killed by SIGTERM, was exit 143"], result.Problems);
    }

    [Fact]
    public void Too_much_and_too_little_output_fail()
    {
        Assert.Equal(["stdout: line 2: expected no such line, was \"b\""], Run("echo a; echo b", scenario => scenario with { Stdout = ["a"] }).Problems);
        Assert.Equal(["stdout: line 2: expected \"b\", was no such line"], Run("echo a", scenario => scenario with { Stdout = ["a", "b"] }).Problems);
    }

    [Fact]
    public void Patterns_match_in_order()
    {
        Assert.Equal(ScenarioOutcome.Passed, Run("echo a; echo b", scenario => scenario with { Stdout = null, StdoutContains = ["a", "^b$"] }).Outcome);
        Assert.Equal(ScenarioOutcome.Failed, Run("echo a; echo b", scenario => scenario with { Stdout = null, StdoutContains = ["b", "a"] }).Outcome);
        Assert.Equal(ScenarioOutcome.Failed, Run("echo a >&2", scenario => scenario with { Stderr = ["a", "a"] }).Outcome);
    }

    [Fact]
    public void A_child_that_hangs_is_killed_and_fails_with_its_output()
    {
        var result = Run("trap '' TERM; echo hanging; sleep 100", scenario => scenario with { TimeoutSeconds = 1 });
        Assert.Equal("did not end within 1 s", result.Problems[0]);
        Assert.Null(result.Status);
        Assert.Contains("hanging", result.Message, StringComparison.Ordinal);
        Assert.InRange(result.Duration.TotalSeconds, 1, 6);
    }

    [Fact]
    public void A_line_that_does_not_come_fails()
    {
        var step = new ScenarioStep { When = "ready", Signal = "SIGTERM" };
        Assert.Equal(
            "step \"at \"ready\" send SIGTERM\": not within 1 s",
            Run("echo almost ready; sleep 100", scenario => scenario with { Steps = [step], TimeoutSeconds = 1 }).Problems[0]);
        var ended = Run("echo almost ready; exit 5", scenario => scenario with { Steps = [step] });
        Assert.Equal("step \"at \"ready\" send SIGTERM\": the output ended before", ended.Problems[0]);
        Assert.Equal(ExitStatus.Exited(5), ended.Status);
    }

    [Fact]
    public void Each_step_waits_for_a_line_of_its_own()
    {
        var result = Run("for i in 1 2; do echo next; read line; done", scenario => scenario with
        {
            Steps = [new ScenarioStep { When = "next", Type = "a\n" }, new ScenarioStep { When = "next", Type = "b\n" }, new ScenarioStep { When = "next", Type = "c\n" }],
            Stdout = ["next", "next"],
        });
        Assert.Equal(["step \"at \"next\" type \"c\\n\"\": the output ended before"], result.Problems);
    }

    [Fact]
    public void A_process_left_behind_fails_and_is_killed()
    {
        var result = Run("sleep 100 & exit 0", scenario => scenario);
        Assert.StartsWith("left behind: ", Assert.Single(result.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_ends_by_itself_soon_is_waited_for()
    {
        var result = Run("(sleep 0.5; echo afterwards) & exit 0", scenario => scenario with { Stdout = ["afterwards"] });
        Assert.Equal("", result.Message);
    }

    [Fact]
    public void A_closed_output_is_closed_once_the_child_is_ready()
    {
        var result = Run("echo ready; read line; echo more; echo not here >$SCENARIO_TEMP/log", scenario => scenario with
        {
            ClosedOutput = true,
            Steps = [new ScenarioStep { When = "ready", Type = "go on\n" }],
            Stdout = ["ready"],
            Status = ExitStatus.Killed("SIGPIPE"),
        });
        Assert.Equal("", result.Message);
    }

    [Fact]
    public void The_environment_is_the_tests_own_and_gone_afterwards()
    {
        var result = Run("test -d \"$SCENARIO_TEMP\" && test -d \"$HOME\" && echo $NO_COLOR $TERM; echo \"$SCENARIO_TEMP\"; env | grep -c ^DOTNET_CLI", scenario => scenario);
        Assert.Equal("1 dumb", result.Output[0]);
        Assert.False(Directory.Exists(result.Output[1]));
        Assert.Equal("0", result.Output[2]);
    }

    [Fact]
    public void What_is_needed_and_missing_is_a_skip()
    {
        var result = Run("exit 1", scenario => scenario with { Needs = ["linux", "program:no-such-program"] });
        Assert.Equal(ScenarioOutcome.Skipped, result.Outcome);
        Assert.Equal(OperatingSystem.IsLinux() ? "needs program:no-such-program" : "needs linux", result.Message);
        Assert.Equal(ScenarioOutcome.Passed, Run("exit 0", scenario => scenario with { Needs = ["program:sh"] }).Outcome);
    }

    [Fact]
    public void A_missing_shell_is_a_skip_only_if_it_is_known_to_be_missing()
    {
        var scenario = new Scenario { Name = "X1-a", Row = "X1", Title = "t", Script = "a.sh", ScriptPath = "/a.sh", Stdout = [] };
        Assert.Equal(ScenarioOutcome.Skipped, ScenarioRunner.Run(scenario, new ShellUnderTest("pwsh", "pwsh", "pwsh is not installed")).Outcome);
        Assert.Equal(ScenarioOutcome.Failed, ScenarioRunner.Run(scenario, new ShellUnderTest("pwsh", "/nowhere/pwsh")).Outcome);
    }

    private ScenarioResult Run(string script, Func<Scenario, Scenario> with)
    {
        string path = Path.Combine(_directory, $"{Guid.NewGuid():N}.sh");
        File.WriteAllText(path, script);
        return ScenarioRunner.Run(with(new Scenario { Name = "X1-a", Row = "X1", Title = "A title.", Script = "a.sh", ScriptPath = path, Stdout = [] }), _shell);
    }
}
