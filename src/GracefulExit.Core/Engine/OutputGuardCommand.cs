using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// Comes between an exit block and the caller's pipeline, and passes output on as long as the pipeline takes it. Not exported.
/// </summary>
/// <remarks>
/// Without it, the exception with which a consumer refuses more output (Select-Object -First, a stopped pipeline) would pass
/// through the exit block and end it midway (row B5).
/// </remarks>
[Cmdlet(VerbsCommunications.Send, "GuardedOutput")]
internal sealed class OutputGuardCommand : PSCmdlet
{
    [ThreadStatic]
    private static CmdletInfo? _info;

    [ThreadStatic]
    private static OutputGuard? _next;

    private readonly OutputGuard _guard;

    public OutputGuardCommand() => _guard = _next ?? throw new InvalidOperationException();

    public static CmdletInfo Info => _info ??= new CmdletInfo("Send-GuardedOutput", typeof(OutputGuardCommand));

    /// <summary>Sets the guard of the commands that are created on this thread from now on. Binding a parameter would take longer.</summary>
    public static OutputGuard? Next
    {
        set => _next = value;
    }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        if (_guard.IsRefused)
        {
            _guard.Drop(InputObject);
            return;
        }

        try
        {
            WriteObject(InputObject);
        }
        catch (Exception refusal) when (_guard.Pipeline is not { IsStopAllowed: true })
        {
            _guard.Refuse(refusal);
        }
    }
}
