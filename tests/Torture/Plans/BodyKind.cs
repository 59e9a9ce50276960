namespace GracefulExit.Tests.Torture.Plans;

/// <summary>A kind of body: <c>Bodies/NAME.ps1</c> and its properties.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="End">How it ends if nobody ends it.</param>
internal sealed record BodyKind(string Name, BodyEnd End = BodyEnd.Never)
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<BodyKind> All { get; } =
    [
        new("sleep") { ForRunspaces = true, Weight = 3 },
        new("busy") { ForRunspaces = true, Weight = 2 },
        new("blocked") { ForRunspaces = true, Weight = 2 },
        new("listener") { HasListener = true },
        new("accept") { HasListener = true, NeedsRescue = true, ForRunspaces = true, Weight = 2 },
        new("native") { Weight = 2 },
        new("native-loop") { ForRunspaces = true },
        new("flood") { Weight = 2 },
        new("deep"),
        new("overflow", BodyEnd.Throws) { UnwindsSlowly = true },
        new("throw", BodyEnd.Throws) { ForRunspaces = true, Weight = 2 },
        new("exit", BodyEnd.Exits) { Weight = 2 },
        new("break", BodyEnd.Returns),
        new("end", BodyEnd.Returns) { ForRunspaces = true, Weight = 2 },
        new("end-at-once", BodyEnd.Returns) { ForRunspaces = true },
        new("catch"),
        new("catch-blocked"),
        new("trap"),
        new("finally") { Weight = 2 },
        new("event") { Weight = 2 },
        new("token"),
        new("first", BodyEnd.Returns) { Pipe = " | Select-Object -First 1" },
        new("process-exit", BodyEnd.ExitsProcess) { Weight = 2 },
        new("crash", BodyEnd.Crashes),
        new("graceful") { ForRunspaces = true, IsGraceful = true },
    ];

    /// <summary>Waits for the bodies of other runspaces.</summary>
    public static BodyKind Wait { get; } = new("wait", BodyEnd.Returns);

    /// <summary>How often it is chosen, compared with the others.</summary>
    public int Weight { get; private init; } = 1;

    /// <summary>Whether it may be the body of a scope in a runspace of its own.</summary>
    public bool ForRunspaces { get; private init; }

    /// <summary>Whether <c>$listener.Stop()</c> in the exit block ends its wait.</summary>
    public bool HasListener { get; private init; }

    /// <summary>Whether its thread waits in native code, so that only an exit block that runs elsewhere can free it.</summary>
    public bool NeedsRescue { get; private init; }

    /// <summary>Whether its stack is so deep that it may not have unwound when it is given up.</summary>
    public bool UnwindsSlowly { get; private init; }

    /// <summary>Whether it ends by itself when asked to.</summary>
    public bool IsGraceful { get; private init; }

    /// <summary>What its scope's output is piped to.</summary>
    public string Pipe { get; private init; } = "";
}
