namespace GracefulExit.Tests.Harness;

/// <summary>A shell, by a short name for tables and messages.</summary>
/// <param name="Name">The short name.</param>
/// <param name="Path">The executable.</param>
public sealed record ShellUnderTest(string Name, string Path)
{
    /// <summary>The output of <c>tests/Shell</c>, or what <c>GRACEFULEXIT_PWSH</c> names.</summary>
    public static ShellUnderTest Default => new("pwsh", Repository.Shell);

    /// <summary>The arguments that make a shell run a command that needs no terminal.</summary>
    public static IReadOnlyList<string> CommandArguments(string command) => ["-NoProfile", "-NonInteractive", "-Command", command];

    /// <summary>The shell at a path, or the default one.</summary>
    public static ShellUnderTest At(string? path) =>
        string.IsNullOrEmpty(path) || path == "pwsh" ? Default : new(System.IO.Path.GetFileName(path), System.IO.Path.GetFullPath(path));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
