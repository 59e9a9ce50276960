using GracefulExit.Tests.Harness;

namespace GracefulExit.Unit.Harness;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain\r\n", "plain\n")]
    [InlineData("\u001b[31;1mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001b]0;title\u001b\\text", "text")]
    [InlineData("\u001b(B\u001b=\u001b[?1htext", "text")]
    public void Drops_escape_sequences(string raw, string plain)
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
    public void Answers_where_the_cursor_is(string before, string position)
    {
        var answers = new List<string>();
        var terminal = new TerminalText(TerminalSize.Usual, answers.Add);
        terminal.Filter(before + "\u001b[6n");
        Assert.Equal([$"\u001b[{position}R"], answers);
    }
}
