using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// The command of a <see cref="NestedPipeline"/>: it runs our own code within the engine. Not exported.
/// </summary>
/// <remarks>
/// <see cref="Next"/> passes the work when the engine creates the command, on the thread that invokes the pipeline. Parameters are
/// not used for it, since the first binding of each one compiles a setter, which takes half a millisecond.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "NestedWork")]
internal sealed class NestedWorkCommand : PSCmdlet
{
    [ThreadStatic]
    private static CmdletInfo? _info;

    /// <summary>Gets the command, one object for each thread: the engine caches data about a command in it.</summary>
    public static CmdletInfo Info => _info ??= new CmdletInfo("Invoke-NestedWork", typeof(NestedWorkCommand));

    [ThreadStatic]
    private static NestedPipeline? _next;

    public NestedWorkCommand()
    {
        if (_next is { } pipeline)
        {
            Work = pipeline.Work;
            OnStop = pipeline.OnStopReached;
            _next = null;
        }
    }

    [Parameter]
    public Action<PSCmdlet> Work { get; set; } = static _ => { };

    /// <summary>Gets or sets the action that the stopping thread calls when the pipeline has been told to stop.</summary>
    [Parameter]
    public Action OnStop { get; set; } = static () => { };

    /// <summary>Sets the pipeline whose command will be created next on this thread; null: none.</summary>
    public static NestedPipeline? Next
    {
        set => _next = value;
    }

    protected override void EndProcessing() => Work(this);

    protected override void StopProcessing() => OnStop();
}
