using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;
using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>
/// Does once, as a rehearsal, what a guard does when its owner is dead. Most of that time goes into loading and compiling for
/// the first time, and a guard has time for this while its owner lives.
/// </summary>
/// <remarks>
/// It runs none of the user's code and imports none of the user's modules: these would start early, and mostly for nothing.
/// Nor does it call a cmdlet. The first one imports its module, which takes as long as all the rest; an exit block that calls
/// one waits for that once, after a death, where every script would pay for it.
/// </remarks>
internal static class GuardRehearsal
{
    /// <summary>What exit blocks typically contain.</summary>
    private const string Script = """
        try {
            $ErrorActionPreference = 'Stop'
            if ($_.Reason -ne 'Killed' -or (Test-Rehearsal $value)) { $null = [System.IO.Path]::Join('/', "$($value.Count)") }
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

            // A process keeps the output that it has first printed to, and a guard gets its owner's only when the owner is dead.
            host.Refuse();
            ForgivingWriter.Over(Stream.Null).Write(string.Empty);
            using Runspace runspace = session.CreateRunspace(host, context);
            new DetachedPlace(runspace, host, context).Run(new ExitBlock(0, new ScriptText(Script, string.Empty, string.Empty, 1).ToScriptBlock()));
        }
        catch (Exception)
        {
            // The real run will fail in the same way and report it.
        }

        // Give the memory of the shell's start and of the rehearsal back to the system: a guard may wait for months.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
