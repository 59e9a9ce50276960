using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;
using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>
/// Does once, for nothing, what a guard does when its owner is dead: most of what that takes is first-time work, loading
/// and compiling, which a guard has the time for while its owner lives.
/// </summary>
/// <remarks>
/// It runs nothing of the user's and imports no module of the user's, whose code would see its process begin early and
/// mostly in vain. And it prints nothing: a shell that has printed keeps what it has printed to, and a guard has its
/// owner's standard output only once that is dead.
/// </remarks>
internal static class GuardRehearsal
{
    /// <summary>What exit blocks are made of. The names with their modules, so that no other module is searched for them.</summary>
    private const string Script = """
        try {
            $ErrorActionPreference = 'Stop'
            if ($_.Reason -ne 'Killed' -or (Test-Rehearsal $value)) { "$value" }
            foreach ($each in $value) { $null = Microsoft.PowerShell.Management\Test-Path -LiteralPath "/$each" }
            Microsoft.PowerShell.Utility\Write-Host ''
        }
        catch { }
        """;

    public static void Run()
    {
        try
        {
            CapturedVariable value = new("value", new object[] { "text", 1, true });
            ValueGraph packed = ValuePacker.Pack([value], static (_, _) => { });
            CapturedSession session = new()
            {
                Variables = [value with { Value = new ValueGraphReader(packed, static (_, _) => { }).Read()[0].Value }],
                Functions = [new CapturedFunction("Test-Rehearsal", new ScriptText("param($Value) $Value.Count -eq 3", string.Empty, string.Empty, 1), null)],
                Aliases = new Dictionary<string, string>(),
                Modules = [],
                Location = Environment.CurrentDirectory,
            };
            ExitContext context = ExitContext.ForKilled(DateTime.Now);
            ProcessHost host = new();
            host.Refuse();
            using Runspace runspace = session.CreateRunspace(host, context);
            new DetachedPlace(runspace, host, context).Run(new ExitBlock(0, new ScriptText(Script, string.Empty, string.Empty, 1).ToScriptBlock()));
        }
        catch (Exception)
        {
            // Then the real one finds out why, and tells.
        }

        // What is left of the shell's start and of this goes back to the system: a guard may wait for months.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
