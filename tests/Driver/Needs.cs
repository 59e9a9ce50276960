using System.Collections.Concurrent;

namespace GracefulExit.Tests.Driver;

/// <summary>Finds out, once, whether the machine and the shell have what a scenario needs.</summary>
internal static class Needs
{
    /// <summary>What can be needed, for messages.</summary>
    public const string Known = "linux, unshare, program:NAME, module:NAME and command:NAME";

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, Lazy<bool>> Answers = new(StringComparer.Ordinal);

    public static bool IsKnown(string need) =>
        need is "linux" or "unshare" || (Split(need) is ("program" or "module" or "command", { } name) && name.All(IsPlain));

    /// <summary>Why the scenario can't be run in the shell; null if it can.</summary>
    public static string? WhatIsMissing(Scenario scenario, ShellUnderTest shell)
    {
        string? missing = scenario.Needs.FirstOrDefault(need => !IsMet(need, shell));
        return missing is null ? null : $"needs {missing}";
    }

    private static bool IsMet(string need, ShellUnderTest shell)
    {
        var (kind, name) = Split(need);
        return kind switch
        {
            "linux" => OperatingSystem.IsLinux(),

            // It may be installed and yet not be allowed, so try it.
            "unshare" => Once(need, () => Succeeds("unshare", ["--user", "--map-root-user", "--pid", "--fork", "true"])),
            "program" => Once(need, () => Succeeds("/bin/sh", ["-c", "command -v \"$0\"", name!])),
            "module" => Once($"{shell.Path} {need}", () => Succeeds(shell.Path, ShellUnderTest.CommandArguments($"Import-Module '{name}' -ErrorAction Stop"))),
            "command" => Once($"{shell.Path} {need}", () => Succeeds(shell.Path, ShellUnderTest.CommandArguments($"Get-Command '{name}' -ErrorAction Stop"))),
            _ => throw new ArgumentException($"'{need}' is nothing that can be needed.", nameof(need)),
        };
    }

    private static bool Once(string key, Func<bool> probe) => Answers.GetOrAdd(key, _ => new Lazy<bool>(probe)).Value;

    private static bool Succeeds(string file, IReadOnlyList<string> arguments)
    {
        using var temp = new ScenarioTemp();
        try
        {
            using var process = ShellProcess.Start(new ShellStart
            {
                FileName = file,
                Arguments = arguments,
                Environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp.Path, ScenarioTemp.Cache, terminal: false),
            });
            return process.WaitForExit(ProbeTimeout) == ExitStatus.Exited(0);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (string Kind, string? Name) Split(string need) =>
        need.Split(':', 2) is [var kind, { Length: > 0 } name] ? (kind, name) : (need, null);

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '\\';
}
