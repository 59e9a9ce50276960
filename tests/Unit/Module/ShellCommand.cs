using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Module;

/// <summary>Runs a script in a shell under test, in an environment of its own.</summary>
internal static class ShellCommand
{
    // Far more than any of them takes: a busy machine must not fail a test.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>One case for each shell; one that is not here is skipped.</summary>
    public static IEnumerable<TheoryDataRow<string>> Shells() =>
        from shell in ShellUnderTest.All
        select new TheoryDataRow<string>(shell.Name) { Skip = shell.MissingBecause };

    /// <summary>Runs a script with the module under test imported, as the file <c>main.ps1</c>.</summary>
    public static string[] RunWithModule(string shell, string script) =>
        Run(shell, "Import-Module $env:GRACEFULEXIT_MODULE -ErrorAction Stop\n" + script);

    /// <summary>Runs a script, as the file <c>main.ps1</c>, and holds that it ends with 0 and writes no errors.</summary>
    /// <returns>What it has written to standard output, by lines.</returns>
    public static string[] Run(string shell, string script, Action<Dictionary<string, string>>? change = null)
    {
        using ScenarioTemp temp = new();
        string file = Path.Combine(temp.Path, "main.ps1");
        File.WriteAllText(file, script);
        Dictionary<string, string> environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp.Path, ScenarioTemp.Cache, terminal: false);
        change?.Invoke(environment);
        using ShellProcess process = ShellProcess.Start(new ShellStart
        {
            FileName = ShellUnderTest.Named(shell).Path,
            Arguments = ["-NoProfile", "-NonInteractive", "-File", file],
            Environment = environment,
            WorkingDirectory = temp.Path,
        });
        ExitStatus? status = process.WaitForExit(Limit);
        _ = process.Output.WaitForEnd(Limit);
        _ = process.ErrorOutput.WaitForEnd(Limit);
        Assert.True(
            status == ExitStatus.Exited(0) && process.ErrorOutput.Text.Length == 0,
            $"{shell} ended with {status?.ToString() ?? "nothing"}.\n{process.Output.Text}\n{process.ErrorOutput.Text}");
        return [.. process.Output.Lines.Select(line => line.Text)];
    }
}
