namespace GracefulExit.Unit.Module;

/// <summary>What people see of an active scope and of an exit context.</summary>
public sealed class FormatTests
{
    private static readonly int[] Widths = [80, 100];

    public static IEnumerable<TheoryDataRow<string, int>> ShellsAndWidths() =>
        from shell in ShellCommand.Shells()
        from width in Widths
        select new TheoryDataRow<string, int>(shell.Data, width) { Skip = shell.Skip };

    [Theory]
    [MemberData(nameof(ShellsAndWidths))]
    public void Scopes_and_handlers_are_a_table_that_fits(string shell, int width)
    {
        string[] output = ShellCommand.RunWithModule(shell, $$"""
            Register-ExitHandler { } -Signal TERM
            Use-ExitHandler { Use-ExitHandler { Get-ExitHandler | Out-String -Stream -Width {{width}} } -Append -Signal TERM, USR1, USR2, QUIT } | Where-Object { $_ }
            """);
        Assert.Matches(@"^ *Id Kind +State +Signal +Runspace StartedAt +StartedFrom *$", output[0]);
        Assert.Matches(@"^ +3 Scope 2 +Body +TERM, USR1, +1 \d\d-\d\d \d\d:\d\d:\d\d main\.ps1:3 *$", output[2]);
        Assert.Matches(@"^ +USR2, QUIT *$", output[3]);
        Assert.Matches(@"^ +2 Scope +Body +TERM, INT, HUP +1 \d\d-\d\d \d\d:\d\d:\d\d main\.ps1:3 *$", output[4]);
        Assert.Matches(@"^ +1 Registered +Waiting +TERM +1 \d\d-\d\d \d\d:\d\d:\d\d main\.ps1:2 *$", output[5]);
        Assert.Equal(6, output.Length);
        Assert.All(output, line => Assert.InRange(line.Length, 1, width));
    }

    [Theory]
    [MemberData(nameof(ShellsAndWidths))]
    public void An_exit_context_is_a_list_that_fits(string shell, int width)
    {
        string[] output = ShellCommand.RunWithModule(shell, $$"""
            try { Use-ExitHandler { throw 'no space left' } -ExitVariable why } catch { }
            $why | Out-String -Stream -Width {{width}} | Where-Object { $_ }
            """);
        Assert.Equal(
            ["Reason", "Signal", "ExitCode", "ErrorRecord", "StartedAt", "RequestedAt", "IsRescue"],
            output.Select(line => line.Split(':')[0].Trim()));
        Assert.Matches("^Reason +: Error *$", output[0]);
        Assert.Matches("^ErrorRecord +: no space left *$", output[3]);
        Assert.All(output, line => Assert.InRange(line.Length, 1, width));
    }
}
