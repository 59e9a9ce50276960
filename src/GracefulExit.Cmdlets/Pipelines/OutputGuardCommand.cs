using System.Management.Automation;

namespace GracefulExit.Pipelines;

/// <summary>
/// Stands between an exit block and the caller's pipeline and passes output on for as long as somebody takes it. Not exported.
/// </summary>
/// <remarks>
/// Without it, the exception by which a consumer refuses more (Select-Object -First, a stopped pipeline) would travel up
/// through the exit block and end it midway (row B5).
/// </remarks>
[Cmdlet(VerbsCommunications.Send, "GuardedOutput")]
internal sealed class OutputGuardCommand : PSCmdlet
{
    [ThreadStatic]
    private static CmdletInfo? _info;

    public static CmdletInfo Info => _info ??= new CmdletInfo("Send-GuardedOutput", typeof(OutputGuardCommand));

    [Parameter(Mandatory = true, Position = 0)]
    public OutputGuard Guard { get; set; } = null!;

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        if (Guard.IsRefused)
        {
            Guard.Drop(InputObject);
            return;
        }

        try
        {
            WriteObject(InputObject);
        }
        catch (Exception refusal)
        {
            Guard.Refuse(refusal);
        }
    }
}
