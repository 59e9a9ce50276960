using System.Management.Automation.Runspaces;
using GracefulExit.Scopes;
using Xunit;

namespace GracefulExit.Unit.Scopes;

public sealed class ScopeRegistryTests
{
    private readonly ScopeRegistry _registry = new();

    [Fact]
    public void A_second_scope_without_append_is_refused_and_the_first_is_untouched()
    {
        ExitScope first = ScopeFixture.Begin(_registry);
        var error = Assert.Throws<AlreadyRegisteredException>(() => ScopeFixture.Begin(_registry, ScopeFixture.Options(append: false)));
        Assert.Contains("script.ps1:7", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Append", error.Message, StringComparison.Ordinal);
        Assert.Equal([first], _registry.Snapshot());
        Assert.Equal(ExitScopeState.Starting, first.State);
    }

    [Fact]
    public void A_scope_that_has_ended_makes_room()
    {
        ExitScope first = ScopeFixture.Begin(_registry);
        _registry.End(first);
        Assert.True(first.WaitCompleted(TimeSpan.Zero));
        Assert.NotNull(ScopeFixture.Begin(_registry, ScopeFixture.Options(append: false)));
    }

    [Fact]
    public void Ending_a_scope_twice_does_no_harm()
    {
        ExitScope scope = ScopeFixture.Begin(_registry);
        _registry.End(scope);
        _registry.End(scope);
        Assert.Empty(_registry.Snapshot());
    }

    [Fact]
    public void Parents_are_of_the_same_runspace()
    {
        using Runspace other = ScopeFixture.NewRunspace();
        ExitScope outer = ScopeFixture.Begin(_registry);
        ExitScope elsewhere = ScopeFixture.Begin(_registry, runspace: other);
        ExitScope inner = ScopeFixture.Begin(_registry);
        Assert.Null(outer.Parent);
        Assert.Null(elsewhere.Parent);
        Assert.Same(outer, inner.Parent);
        Assert.Same(inner, _registry.FindInner(outer));
        Assert.Null(_registry.FindInner(inner));
        Assert.Null(_registry.FindInner(elsewhere));
    }

    [Fact]
    public void A_signal_requests_those_that_listen_newest_first()
    {
        ExitScope outer = ScopeFixture.Begin(_registry);
        ExitScope deaf = ScopeFixture.Begin(_registry, ScopeFixture.Options(signals: Signal.HangUp));
        ExitScope inner = ScopeFixture.Begin(_registry);
        ExitScope[] listening = _registry.RequestExit(Signal.Terminate, out List<ExitScope> requested);
        Assert.Equal([inner, outer], listening);
        Assert.Equal([inner, outer], requested);
        Assert.Null(deaf.Request);
    }

    [Fact]
    public void A_second_signal_is_listened_to_but_requests_nothing()
    {
        ExitScope scope = ScopeFixture.Begin(_registry);
        _registry.RequestExit(Signal.Terminate, out _);
        Assert.Equal([scope], _registry.RequestExit(Signal.Interrupt, out List<ExitScope> requested));
        Assert.Empty(requested);
    }

    [Fact]
    public void A_signal_without_scopes_is_nobodys() =>
        Assert.Empty(_registry.RequestExit(Signal.Terminate, out _));
}
