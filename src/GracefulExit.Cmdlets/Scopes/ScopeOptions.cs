using System.Management.Automation;

namespace GracefulExit.Scopes;

/// <summary>What the caller asked of a scope. Times are null where there is no limit.</summary>
internal sealed record ScopeOptions
{
    public required ScriptBlock Body { get; init; }

    public required ScriptBlock[] ExitBlocks { get; init; }

    public required object?[] Arguments { get; init; }

    public required Signal[] Signals { get; init; }

    public AfterSignal AfterSignal { get; init; }

    public TimeSpan GracePeriod { get; init; }

    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an exit block may run; zero: for ever.</summary>
    public TimeSpan ExitTimeout { get; init; }

    public bool Append { get; init; }

    public string? ExitVariable { get; init; }

    public bool ForwardSignal { get; init; }

    /// <summary>Whether a second process runs the exit blocks if this one dies without having run them.</summary>
    public bool Guard { get; init; }

    /// <summary>Where the scope was started.</summary>
    public required ScriptPosition StartedFrom { get; init; }
}
