namespace GracefulExit.Tests.Torture.Plans;

/// <summary>A kind of exit block: <c>ExitBlocks/NAME.ps1</c> and its properties.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="ReachesEnd">Whether a statement after it is reached.</param>
internal sealed record ExitBlockKind(string Name, bool ReachesEnd = true)
{
    /// <summary>Those that need nothing of their scope.</summary>
    public static IReadOnlyList<ExitBlockKind> All { get; } =
    [
        new("quick") { Weight = 5 },
        new("slow") { Weight = 4 },
        new("blocked") { Weight = 2 },
        new("busy") { Weight = 2 },
        new("native") { Weight = 2 },
        new("output") { Weight = 2 },
        new("error"),
        new("throw", ReachesEnd: false) { Weight = 2 },
        new("exit", ReachesEnd: false),
        new("scope") { OpensScope = true },
    ];

    /// <summary>Those that never end: for scopes with a time limit.</summary>
    public static IReadOnlyList<ExitBlockKind> Endless { get; } =
    [
        new("endless", ReachesEnd: false) { IsEndless = true },
        new("endless-output", ReachesEnd: false) { IsEndless = true },
    ];

    /// <summary>How often it is chosen, compared with the others.</summary>
    public int Weight { get; private init; } = 1;

    /// <summary>Whether only a time limit ends it.</summary>
    public bool IsEndless { get; private init; }

    /// <summary>Whether it runs a scope of its own.</summary>
    public bool OpensScope { get; private init; }
}
