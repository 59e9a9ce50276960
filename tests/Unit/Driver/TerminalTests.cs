using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Driver;

public sealed class TerminalTests
{
    [Fact]
    public void The_child_has_a_terminal_of_known_size_on_all_three()
    {
        using var process = Start("test -t 0 && test -t 1 && test -t 2 && stty size && echo as expected");
        Assert.Equal(ExitStatus.Exited(0), process.WaitForExit(Sh.Soon));
        Assert.True(process.Output.WaitForEnd(Sh.Soon));
        Assert.Equal(["30 120", "as expected"], process.Output.Lines());
    }

    [Fact]
    public void It_is_the_controlling_terminal()
    {
        using var process = Start("echo hello >/dev/tty");
        Assert.Equal(ExitStatus.Exited(0), process.WaitForExit(Sh.Soon));
        Assert.True(process.WaitForText("hello", Sh.Soon));
    }

    [Fact]
    public void Ctrl_C_is_a_SIGINT()
    {
        // Not as a child of sh: one that is interrupted while it starts a child may miss it (dash 0.5.12).
        using var process = Start("echo ready; exec sleep 100");
        Assert.True(process.WaitForText("ready", Sh.Soon));
        Assert.True(process.Write("\u0003"));
        Assert.Equal(ExitStatus.Killed("SIGINT"), process.WaitForExit(Sh.Soon));
        Assert.True(process.Output.WaitForEnd(Sh.Soon));
        Assert.Equal("ready\n^C", process.Output.Text);
    }

    [Fact]
    public void What_is_typed_arrives()
    {
        using var process = Start("read line; echo \"got $line\"");
        Assert.True(process.Write("some text\r"));
        Assert.True(process.WaitForText("got some text", Sh.Soon));
    }

    [Fact]
    public void A_closed_terminal_is_a_SIGHUP()
    {
        using var process = Start("echo ready; exec sleep 100");
        Assert.True(process.WaitForText("ready", Sh.Soon));
        process.CloseTerminal();
        Assert.Equal(ExitStatus.Killed("SIGHUP"), process.WaitForExit(Sh.Soon));
    }

    [Fact]
    public void Positions_lead_from_one_text_to_the_next()
    {
        using var process = Start("echo a1 b1 a2");
        int position = 0;
        Assert.True(process.Output.WaitForText("b", Sh.Soon, ref position));
        Assert.True(process.Output.WaitForText("a", Sh.Soon, ref position));
        Assert.False(process.Output.WaitForText("a", Sh.Soon, ref position));
    }

    [Theory]
    [InlineData("plain\r\n", "plain\n")]
    [InlineData("\u001b[31;1mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001b]0;title\u001b\\text", "text")]
    [InlineData("\u001b(B\u001b=\u001b[?1htext", "text")]
    public void Escape_sequences_are_dropped(string raw, string plain)
    {
        Assert.Equal(plain, new TerminalText(TerminalSize.Usual, _ => { }).Filter(raw));

        var piecewise = new TerminalText(TerminalSize.Usual, _ => { });
        Assert.Equal(plain, string.Concat(raw.Select(character => piecewise.Filter(character.ToString()))));
    }

    [Theory]
    [InlineData("", "1;1")]
    [InlineData("ab\r\ncd", "2;3")]
    [InlineData("\u001b[5;7Hx", "5;8")]
    [InlineData("\u001b[5;7H\u001b[2A\u001b[C\u001b[3D", "3;5")]
    [InlineData("\u001b[99;999H", "30;120")]
    public void The_cursor_is_where_it_is_said_to_be(string before, string position)
    {
        var answers = new List<string>();
        var terminal = new TerminalText(TerminalSize.Usual, answers.Add);
        terminal.Filter(before + "\u001b[6n");
        Assert.Equal([$"\u001b[{position}R"], answers);
    }

    private static ShellProcess Start(string command) => ShellProcess.Start(Sh.Command(command) with { Terminal = true });
}
