namespace GracefulExit.Tests.Torture.Plans;

/// <summary>A scope of a run.</summary>
internal sealed record ScopePlan
{
    /// <summary>Its body notes <c>B</c> and this when it begins.</summary>
    public required int Id { get; init; }

    /// <summary>The scope in whose body it runs.</summary>
    public ScopePlan? Parent { get; init; }

    /// <summary>What its body does, after a scope within it, if there is one, has ended.</summary>
    public required BodyKind Body { get; init; }

    /// <summary>The exit blocks, in order.</summary>
    public IReadOnlyList<ExitBlockPlan> ExitBlocks { get; init; } = [];

    /// <summary>The exit blocks that its body pushes first of all, in order; it notes <c>P</c> and their id after each.</summary>
    public IReadOnlyList<ExitBlockPlan> Pushed { get; init; } = [];

    /// <summary>How long the part takes that its body shields, in milliseconds; 0: none. It notes <c>S</c> and <c>T</c>.</summary>
    public int Shield { get; init; }

    /// <summary>All exit blocks, in the order in which they run.</summary>
    public IEnumerable<ExitBlockPlan> InOrder => Pushed.Reverse().Concat(ExitBlocks);

    /// <summary><c>Continue</c>, <c>Stop</c>, <c>Exit</c> or <c>Raise</c>.</summary>
    public string AfterSignal { get; init; } = "Continue";

    /// <summary>The other parameters.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>Whether the body has time to end by itself once it was asked to.</summary>
    public bool HasGracePeriod { get; init; }

    /// <summary>Whether an exit block may be cut short because it takes too long.</summary>
    public bool HasTimeLimit { get; init; }

    /// <summary>Whether the body may be given up: the process then ends with the signal's status.</summary>
    public bool MayBeGivenUp { get; init; }
}
