using GracefulExit.Signals;

namespace GracefulExit.Unit.Signals;

public sealed class ShellKindTests
{
    [Theory]
    [InlineData("", true, false)]
    [InlineData("-NoProfile -nologo", true, false)]
    [InlineData("-wd /tmp -NoExit -File script.ps1", true, false)]
    [InlineData("-noe -noni", true, true)]
    [InlineData("-NoExit -NonInteractive -Command 1", true, true)]
    [InlineData("-File script.ps1", false, false)]
    [InlineData("script.ps1 -NonInteractive", false, false)]
    [InlineData("-Command 1 -NonInteractive", false, false)]
    [InlineData("-NoProfile -NonInteractive -File script.ps1", false, true)]
    [InlineData("-ExecutionPolicy NonInteractive -noninter -c 1", false, true)]
    [InlineData("--noni", false, true)]
    [InlineData("-non", false, false)]
    [InlineData("-", false, false)]
    public void The_command_line_tells_of_a_prompt_and_of_what_SIGQUIT_does(string arguments, bool hasPrompt, bool endsOnBreak)
    {
        string[] commandLine = ["pwsh", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(hasPrompt, ShellKind.HasPromptWith(commandLine));
        Assert.Equal(endsOnBreak, ShellKind.EndsOnBreakWith(commandLine));
    }
}
