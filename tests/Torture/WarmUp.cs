using System.Diagnostics;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture;

/// <summary>Starts a shell with nothing but the prelude.</summary>
internal sealed class WarmUp(ShellUnderTest shell) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly RunDirectory _temp = new();

    /// <summary>The time until its script runs.</summary>
    public TimeSpan Measure()
    {
        string prelude = Path.Combine(Repository.Root, "tests", "Torture", "prelude.ps1");
        using var process = ShellProcess.Start(new ShellStart
        {
            FileName = shell.Path,
            Arguments = ShellUnderTest.CommandArguments($". '{prelude}'; Tell 'ready'"),
            Environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), _temp.Path, RunDirectory.Cache, terminal: false),
            WorkingDirectory = _temp.Path,
        });
        var ready = process.WaitForLine("ready", Limit)
            ?? throw new InvalidOperationException($"{shell.Path} does not run the prelude:{Environment.NewLine}{process.ErrorOutput.Text}");
        _ = process.WaitForExit(Limit);
        return Stopwatch.GetElapsedTime(process.StartedAt, ready.Timestamp);
    }

    /// <inheritdoc/>
    public void Dispose() => _temp.Dispose();
}
