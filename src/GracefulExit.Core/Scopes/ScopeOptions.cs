using System.Management.Automation;
using GracefulExit.Core;

namespace GracefulExit.Scopes;

/// <summary>What the caller wants from a scope.</summary>
internal sealed record ScopeOptions
{
    public required ScriptBlock Body { get; init; }

    public required ScriptBlock[] ExitBlocks { get; init; }

    /// <summary>Gets the arguments of the body; null: it gets the exit context.</summary>
    public object?[]? Arguments { get; init; }

    /// <summary>Gets the pipeline input, which the body finds in <c>$input</c>; null: there is none and can't be any.</summary>
    public IReadOnlyList<object?>? Input { get; init; }

    public required Signal[] Signals { get; init; }

    public AfterSignal AfterSignal { get; init; }

    /// <summary>Gets the status of the process after a signal with <see cref="AfterSignal.Exit"/>; null: 128 + the signal's number.</summary>
    public int? SignalExitCode { get; init; }

    public TimeSpan GracePeriod { get; init; }

    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long an exit block may run; zero: no limit.</summary>
    public TimeSpan ExitTimeout { get; init; }

    public bool Append { get; init; }

    /// <summary>Gets the caller's variable for the exit context.</summary>
    public ExitVariable? ExitVariable { get; init; }

    public bool ForwardSignal { get; init; }

    /// <summary>Gets a value indicating whether a second process runs the exit blocks if this one dies before it could.</summary>
    public bool Guard { get; init; }

    /// <summary>Gets where the scope was started.</summary>
    public required ScriptPosition StartedFrom { get; init; }

    /// <summary>Gets the time limits for the state machine.</summary>
    public ScopeLimits Limits => new(
        GracePeriod,
        StopTimeout,
        !ForwardSignal ? TimeSpan.Zero : GracePeriod > TimeSpan.Zero ? GracePeriod : ScopeLimits.DefaultForward);
}
