namespace GracefulExit.Tools.Comparison;

/// <summary>A way in which the work ends.</summary>
/// <param name="Title">The row's title.</param>
/// <param name="Argument">What the peer's program is told.</param>
/// <param name="Signal">Sent when the program says "ready".</param>
/// <param name="SecondSignal">Sent when its clean-up has begun.</param>
internal sealed record Situation(string Title, string Argument, string? Signal = null, string? SecondSignal = null)
{
    public static IReadOnlyList<Situation> All { get; } =
    [
        new("the work ends", "end"),
        new("an error", "error"),
        new("`exit 4`", "exit"),
        new("SIGTERM", "sleep", "SIGTERM"),
        new("SIGINT", "sleep", "SIGINT"),
        new("SIGHUP", "sleep", "SIGHUP"),
        new("SIGTERM in a blocked call", "blocked", "SIGTERM"),
        new("SIGTERM, a second one during the clean-up", "sleep", "SIGTERM", "SIGTERM"),
        new("process exit from another thread", "thread"),
        new("a crash (`abort`, `FailFast`)", "crash"),
        new("SIGKILL", "sleep", "SIGKILL"),
    ];

    /// <summary>The same on Windows, where the driver of tests/Windows delivers console events for signals.</summary>
    public static IReadOnlyList<Situation> OnWindows { get; } =
    [
        new("the work ends", "end"),
        new("an error", "error"),
        new("`exit 4`", "exit"),
        new("Ctrl+C", "sleep", "SIGINT"),
        new("Ctrl+Break", "sleep", "SIGQUIT"),
        new("the window is closed", "sleep", "SIGHUP"),
        new("shutdown", "sleep", "SIGTERM"),
        new("Ctrl+C in a blocked call", "blocked", "SIGINT"),
        new("process exit from another thread", "thread"),
        new("`FailFast`", "crash"),
        new("`Stop-Process`", "sleep", "SIGKILL"),
    ];
}
