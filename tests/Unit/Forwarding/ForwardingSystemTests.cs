using GracefulExit.Forwarding;

namespace GracefulExit.Unit.Forwarding;

/// <summary>What -ForwardSignal takes a command's status for, on each system.</summary>
public sealed class ForwardingSystemTests
{
    // STATUS_CONTROL_C_EXIT
    private const int ControlCExit = -1073741510;

    [Theory]
    [InlineData(130, true)]
    [InlineData(143, false)]
    [InlineData(0, false)]
    [InlineData(ControlCExit, false)]
    public void Linux_knows_a_killed_command_by_the_number_of_a_signal_that_the_scope_listens_to(int status, bool isKilled) =>
        Assert.Equal(isKilled, new LinuxForwarding().IsKilledBy([Signal.Interrupt, Signal.HangUp], status));

    [Theory]
    [InlineData(ControlCExit, true)]
    [InlineData(130, false)]
    [InlineData(0, false)]
    public void Windows_ends_what_does_not_handle_an_event_with_one_status(int status, bool isKilled) =>
        Assert.Equal(isKilled, new WindowsForwarding().IsKilledBy([Signal.Interrupt], status));

    [Fact]
    public void An_exit_that_code_asks_for_reaches_children_on_Linux_only()
    {
        Assert.True(new LinuxForwarding().Reaches(isDelivered: false));
        Assert.False(new WindowsForwarding().Reaches(isDelivered: false));
        Assert.True(new WindowsForwarding().Reaches(isDelivered: true));
    }
}
