using GracefulExit.Tests.EngineHost.Host;

namespace GracefulExit.Tests.EngineHost;

/// <summary>Entry point of the test shell.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        // The engine would otherwise report its use over the network, from a background thread, in every test.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

        var options = CommandLine.Parse(args);
        return new ShellSession(options).Run();
    }
}
