using GracefulExit.Core;

namespace GracefulExit.Unit.Core;

/// <summary>Where the body's thread is.</summary>
internal enum ThreadPlace
{
    /// <summary>Before the body; the guard may be starting.</summary>
    Before,

    /// <summary>In the body. It may stay there for ever.</summary>
    InBody,

    /// <summary>Behind the body.</summary>
    Behind,

    /// <summary>The cmdlet has returned.</summary>
    Gone,
}

/// <summary>
/// A scope with everything around it that matters to its state: the body's thread, a scope within, who runs the exit blocks, and
/// what a guard has been told. Time is abstract: a deadline may pass at any moment.
/// </summary>
internal readonly record struct ScopeModel
{
    public ScopeState Scope { get; init; }

    public ThreadPlace Thread { get; init; }

    public bool HasInner { get; init; }

    public bool AwaitsForwarding { get; init; }

    /// <summary>Gets how often the exit blocks have been given to somebody.</summary>
    public int Claims { get; init; }

    public bool AreBlocksRunning { get; init; }

    public bool IsProcessEnding { get; init; }

    /// <summary>Gets a value indicating whether the guard holds the whole scope, and would run it if the process died.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>Gets a value indicating whether the guard was told that exit blocks run here.</summary>
    public bool DoesGuardKnow { get; init; }

    /// <summary>Gets a value indicating whether the scope waits for nothing any more.</summary>
    public bool IsOver => Thread == ThreadPlace.Gone || IsProcessEnding;

    public override string ToString() =>
        $"{Scope.Phase} request={Scope.Request?.Reason.ToString() ?? "none"} deadline={Scope.Deadline} thread={Thread} inner={HasInner} waitsForInner={Scope.WaitsForInner} blocks={AreBlocksRunning} claims={Claims} exiting={Scope.IsProcessExiting}";
}
