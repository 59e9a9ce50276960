using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Driver;

/// <summary>Children for tests of the driver itself.</summary>
internal static class Sh
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public static ShellStart Command(string command) => new()
    {
        FileName = "/bin/sh",
        Arguments = ["-c", command],
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            [ProcessTable.RunVariable] = Guid.NewGuid().ToString("N"),
        },
    };

    public static ShellProcess Start(string command) => ShellProcess.Start(Command(command));

    public static string[] Lines(this OutputLog log) => [.. log.Lines.Select(line => line.Text)];
}
