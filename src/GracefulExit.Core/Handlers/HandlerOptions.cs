using System.Management.Automation;
using GracefulExit.Core;

namespace GracefulExit.Handlers;

/// <summary>What the caller wants from a registered handler.</summary>
internal sealed record HandlerOptions
{
    public required ScriptBlock[] ExitBlocks { get; init; }

    public required Signal[] Signals { get; init; }

    /// <summary>Gets how the process ends after a signal: <see cref="AfterSignal.Exit"/> or <see cref="AfterSignal.Raise"/>.</summary>
    public AfterSignal AfterSignal { get; init; }

    /// <summary>Gets how long the script may take to unwind after a signal, before the handlers run elsewhere.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long an exit block may run; zero: the limit for any exit block while the process is exiting.</summary>
    public TimeSpan ExitTimeout { get; init; }

    /// <summary>Gets a value indicating whether a second process runs the exit blocks if this one dies before it could.</summary>
    public bool Guard { get; init; }

    /// <summary>Gets where it was registered.</summary>
    public required ScriptPosition RegisteredFrom { get; init; }
}
