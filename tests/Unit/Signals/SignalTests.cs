using System.Management.Automation;
using GracefulExit.Parameters;
using Xunit;

namespace GracefulExit.Unit.Signals;

public sealed class SignalTests
{
    [Theory]
    [InlineData("SIGTERM", "SIGTERM")]
    [InlineData("TERM", "SIGTERM")]
    [InlineData("term", "SIGTERM")]
    [InlineData(" sigInt ", "SIGINT")]
    [InlineData("15", "SIGTERM")]
    [InlineData("1", "SIGHUP")]
    [InlineData("usr1", "SIGUSR1")]
    public void Names_and_numbers_are_understood(string text, string expected)
    {
        Assert.True(Signal.TryParse(text, out Signal? signal));
        Assert.Equal(expected, signal.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("SIG")]
    [InlineData("SIGKILL")]
    [InlineData("9")]
    [InlineData("SIGSTOP")]
    [InlineData("0")]
    [InlineData("-15")]
    [InlineData("+15")]
    [InlineData("15.0")]
    [InlineData("SIG15")]
    [InlineData("99999999999999")]
    [InlineData("SIGSEGV")]
    public void Anything_else_is_refused(string? text) => Assert.False(Signal.TryParse(text, out _));

    [Fact]
    public void The_exit_code_is_128_plus_the_number()
    {
        Assert.Equal(143, Signal.Terminate.ExitCode);
        Assert.Equal(130, Signal.Interrupt.ExitCode);
        Assert.Equal(129, Signal.HangUp.ExitCode);
    }

    [Fact]
    public void Each_name_and_each_number_is_unique()
    {
        Assert.Equal(Signal.Allowed.Count, Signal.Allowed.Select(signal => signal.Name).Distinct().Count());
        Assert.Equal(Signal.Allowed.Count, Signal.Allowed.Select(signal => signal.Number).Distinct().Count());
    }

    [Fact]
    public void A_list_is_transformed_and_duplicates_are_dropped()
    {
        Signal[] signals = Assert.IsType<Signal[]>(
            new SignalTransformationAttribute().Transform(null!, new object[] { "TERM", 15, new PSObject("SIGINT"), Signal.HangUp }));
        Assert.Equal(["SIGTERM", "SIGINT", "SIGHUP"], signals.Select(signal => signal.Name));
    }

    [Theory]
    [InlineData("KILL", "cannot be caught")]
    [InlineData("19", "cannot be caught")]
    [InlineData("FOO", "is not a signal")]
    public void A_refusal_names_what_is_allowed(string text, string expected)
    {
        var error = Assert.Throws<ArgumentTransformationMetadataException>(
            () => new SignalTransformationAttribute().Transform(null!, new object[] { "TERM", text }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("SIGTERM, SIGINT, SIGHUP", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 9)]
    [InlineData("sigu", 2)]
    [InlineData("T", 1)]
    [InlineData("'SIGT", 1)]
    [InlineData("x", 1)]
    [InlineData("zzz", 0)]
    public void Completion_offers_names_with_and_without_their_prefix(string word, int count)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has four signals.");
        CompletionResult[] results = [.. new SignalCompleter().CompleteArgument("Use-ExitHandler", "Signal", word, null!, null!)];
        Assert.Equal(count, results.Length);
        Assert.All(results, result => Assert.Contains(": ", result.ToolTip, StringComparison.Ordinal));
    }
}
