using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Scopes;

namespace GracefulExit.Unit.Scopes;

/// <summary>Scopes without a shell around them, in registries of their own.</summary>
internal static class ScopeFixture
{
    public static ScopeOptions Options(bool append = true, double graceSeconds = 0, params Signal[] signals) => new()
    {
        Body = ScriptBlock.Create("1"),
        ExitBlocks = [],
        Arguments = [],
        Signals = signals.Length > 0 ? signals : [Signal.Terminate, Signal.Interrupt, Signal.HangUp],
        Append = append,
        GracePeriod = TimeSpan.FromSeconds(graceSeconds),
        StartedFrom = new ScriptPosition("script.ps1", 7),
    };

    public static Runspace NewRunspace() => RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());

    public static ExitScope Begin(ScopeRegistry registry, ScopeOptions? options = null, Runspace? runspace = null) =>
        registry.Begin(options ?? Options(), null!, runspace ?? Shared, new Timeline(null));

    /// <summary>One runspace for all tests that do not care which.</summary>
    private static readonly Runspace Shared = NewRunspace();
}
