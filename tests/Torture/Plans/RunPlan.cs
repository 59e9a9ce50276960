namespace GracefulExit.Tests.Torture.Plans;

/// <summary>All that is decided about a run before it starts; follows from its seed alone.</summary>
internal sealed record RunPlan
{
    /// <summary>The status of a caller that goes on to its end. Nothing else gives this status.</summary>
    public const int CallerStatus = 7;

    /// <summary>The seed from which everything else is derived.</summary>
    public required int Seed { get; init; }

    /// <summary>How the scopes are arranged.</summary>
    public required Shape Shape { get; init; }

    /// <summary>The scopes, the outer ones first; without those that exit blocks run.</summary>
    public required IReadOnlyList<ScopePlan> Scopes { get; init; }

    /// <summary>The scope around the wait for the runspaces, if there is one.</summary>
    public ScopePlan? Around { get; init; }

    /// <summary>
    /// What the script registers before anything else, in order: it notes <c>R</c> and the id after each.
    /// </summary>
    public IReadOnlyList<ExitBlockPlan> Handlers { get; init; } = [];

    /// <summary>The signals, in the order in which they are sent.</summary>
    public required IReadOnlyList<SignalPlan> Signals { get; init; }

    /// <summary>Whether the scopes listen to SIGINT.</summary>
    public bool ListensToInterrupt { get; init; } = true;

    /// <summary>How long a body that ends by itself takes, in milliseconds.</summary>
    public required int Wait { get; init; }

    /// <summary>How long an exit block that takes its time takes, in milliseconds.</summary>
    public required int Pause { get; init; }

    /// <summary>The status with which a body exits.</summary>
    public required int Code { get; init; }

    /// <summary>The status with which an exit block exits.</summary>
    public required int ExitBlockCode { get; init; }

    /// <summary>Whether the run would end without a signal.</summary>
    public bool EndsByItself => Shape == Shape.Nested
        ? Scopes[^1].Body.End != BodyEnd.Never
        : Scopes.All(scope => scope.Body.End != BodyEnd.Never);

    /// <summary>The scopes around others and those that exit blocks run, too.</summary>
    public IEnumerable<ScopePlan> AllScopes
    {
        get
        {
            IReadOnlyList<ScopePlan> scopes = Around is null ? Scopes : [Around, .. Scopes];
            return scopes.Concat(scopes.SelectMany(scope => scope.InOrder).Select(block => block.Inner).OfType<ScopePlan>());
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string scopes = Shape == Shape.Series
            ? $"{Scopes.Count} × {Scopes[0].Body.Name}"
            : string.Join("; ", Scopes.Select(Describe));
        string around = Around is null ? "" : $"around {Describe(Around)}; ";
        string handlers = Handlers.Count == 0 ? "" : $"handlers [{string.Join(' ', Handlers.Select(handler => handler.Kind.Name))}]; ";
        return $"{Shape}: {handlers}{around}{scopes}; signals {(Signals.Count == 0 ? "none" : string.Join(", ", Signals))}";
    }

    private static string Describe(ScopePlan scope) =>
        $"{(scope.Shield > 0 ? "shield, " : "")}{scope.Body.Name} [{string.Join(' ', scope.InOrder.Select(block => block.Kind.Name))}] {scope.AfterSignal}{scope.Parameters}";
}
