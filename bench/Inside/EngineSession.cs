using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench.Inside;

/// <summary>The engine, hosted in this process, with the module imported.</summary>
internal sealed class EngineSession : IDisposable
{
    private readonly Runspace _runspace;
    private readonly PowerShell _shell;

    public EngineSession()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        _shell = PowerShell.Create(_runspace);
        Run($"Import-Module '{Manifest}' -ErrorAction Stop");
        Run("""
            function Enter-Scope([int] $Depth) {
                if ($Depth -gt 0) { Use-ExitHandler { Enter-Scope ($Depth - 1) } -OnExit { } -Append }
            }
            function Enter-Command([int] $Depth) {
                if ($Depth -gt 0) { Invoke-Command { Enter-Command ($Depth - 1) }; Invoke-Command { } }
            }
            """);
    }

    /// <summary>Set before: BenchmarkDotNet makes the objects that it measures.</summary>
    public static string Manifest { get; set; } = Repository.Module;

    /// <summary>Runs a script and throws what it reports.</summary>
    public void Run(string script)
    {
        _shell.Commands.Clear();
        _shell.Streams.Error.Clear();
        _shell.AddScript(script).Invoke();
        if (_shell.Streams.Error.Count > 0)
        {
            throw new InvalidOperationException(_shell.Streams.Error[0].ToString());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shell.Dispose();
        _runspace.Dispose();
    }
}
