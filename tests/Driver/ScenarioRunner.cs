using System.ComponentModel;

namespace GracefulExit.Tests.Driver;

/// <summary>Runs scenarios.</summary>
public static class ScenarioRunner
{
    /// <summary>Runs a scenario in a shell; takes no longer than the scenario's time limit and a few seconds.</summary>
    public static ScenarioResult Run(Scenario scenario, ShellUnderTest shell)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(shell);
        if (shell.MissingBecause is { } missing)
        {
            return ScenarioResult.Skip(missing);
        }

        if (!scenario.Shells.Contains(shell.Name))
        {
            return ScenarioResult.Skip($"not for {shell.Name}");
        }

        if (Needs.WhatIsMissing(scenario, shell) is { } need)
        {
            return ScenarioResult.Skip(need);
        }

        try
        {
            return new ScenarioRun(scenario, shell).Run();
        }
        catch (Win32Exception e)
        {
            return new ScenarioResult { Outcome = ScenarioOutcome.Failed, Message = e.Message, Problems = [e.Message] };
        }
    }
}
