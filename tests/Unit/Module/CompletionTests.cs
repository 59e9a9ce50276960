namespace GracefulExit.Unit.Module;

/// <summary>What the Tab key offers.</summary>
public sealed class CompletionTests
{
    private static readonly string[] Signals = [.. Signal.Allowed.Select(signal => signal.Name)];

    /// <summary>Lines to complete at their ends, and what is offered.</summary>
    private static readonly (string Line, string[] Offered)[] Lines =
    [
        ("Use-ExitHandler { } -Signal ", Signals),
        ("Use-ExitHandler { } -Signal SIGT", ["SIGTERM"]),
        ("Use-ExitHandler { } -Signal te", ["SIGTERM"]),
        ("Use-ExitHandler { } -Signal TERM, usr", ["SIGUSR1", "SIGUSR2"]),
        ("Use-ExitHandler { } -Signal KILL", []),
        ("Use-ExitHandler { } -AfterSignal ", ["Continue", "Exit", "Raise", "Stop"]),
        ("Use-ExitHandler { } -AfterSignal R", ["Raise"]),
        ("Use-ExitHandler { } -Grace", ["-GracePeriodSeconds"]),
        ("Wait-ExitRequest -T", ["-TimeoutSeconds"]),
    ];

    public static IEnumerable<TheoryDataRow<string>> Shells() => ShellCommand.Shells();

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_Tab_key_offers_what_is_allowed(string shell)
    {
        string[] lines = [.. Lines.Select(line => $"'{line.Line}'")];
        string[] output = ShellCommand.RunWithModule(shell, $$"""
            foreach ($line in {{string.Join(", ", lines)}}) {
                $own = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText -join ' '
                $function = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -join ' '
                "$own|$function"
            }
            """);
        Assert.Equal(Lines.Select(line => $"{string.Join(' ', line.Offered)}|{string.Join(' ', line.Offered)}"), output);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Each_signal_tells_its_number_and_its_sender(string shell)
    {
        string[] output = ShellCommand.RunWithModule(shell, """
            (TabExpansion2 'Use-ExitHandler { } -Signal ' 28).CompletionMatches | ForEach-Object { "$($_.ListItemText): $($_.ToolTip)" }
            """);
        Assert.Equal(Signal.Allowed.Select(signal => $"{signal.Name}: {signal.Number}: {signal.SentBy}"), output);
    }
}
