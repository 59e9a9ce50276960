using GracefulExit.Engine;
using GracefulExit.Native;

namespace GracefulExit.Unit.Architecture;

/// <summary>What is reached without a public name exists in the engine and runtime under test: a new one fails here, and not at a user's.</summary>
public sealed class InternalsTests
{
    [Fact]
    public void Every_member_of_the_engine_exists() => Assert.Empty(EngineInternals.Missing);

    [Fact]
    public void The_dispatch_of_signals_exists() => Assert.NotNull(SignalHook.FindDispatch());

    [Fact]
    public void The_registrations_of_signals_exist() => Assert.NotNull(SignalHook.Registrations);
}
