using GracefulExit.Tests.Harness;

namespace GracefulExit.Unit.Harness;

public sealed class WindowsTextTests
{
    [Theory]
    [InlineData("one\r\ntwo\r\n", "one\ntwo\n")]
    [InlineData("wine client error:4f0: sendmsg: Bad file descriptor\nafter\r\n", "after\n")]
    [InlineData("before\nwine: Read access denied for device L\"Z:\"\nafter\n", "before\nafter\n")]
    [InlineData("wine client is a word\nit said wine client error: 1\n", "wine client is a word\nit said wine client error: 1\n")]
    public void TakesOutWhatIsWinesOwnHoweverItIsCut(string text, string expected)
    {
        Assert.Equal(expected, new WindowsText().Filter(text));

        WindowsText inPieces = new();
        Assert.Equal(expected, string.Concat(text.Select(character => inPieces.Filter(character.ToString()))));
    }
}
