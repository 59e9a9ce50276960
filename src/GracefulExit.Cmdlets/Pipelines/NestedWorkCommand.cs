using System.Management.Automation;

namespace GracefulExit.Pipelines;

/// <summary>
/// The command of a <see cref="NestedPipeline"/>: a door through which our own code runs within the engine. Not exported.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "NestedWork")]
internal sealed class NestedWorkCommand : PSCmdlet
{
    [ThreadStatic]
    private static CmdletInfo? _info;

    /// <summary>Gets the command, one object a thread: the engine keeps what it has learnt of a command in it.</summary>
    public static CmdletInfo Info => _info ??= new CmdletInfo("Invoke-NestedWork", typeof(NestedWorkCommand));

    [Parameter(Mandatory = true)]
    public Action<PSCmdlet> Work { get; set; } = null!;

    /// <summary>Gets or sets what is called when the pipeline has been told to stop, by the stopping thread.</summary>
    [Parameter(Mandatory = true)]
    public Action OnStop { get; set; } = null!;

    protected override void EndProcessing() => Work(this);

    protected override void StopProcessing() => OnStop();
}
