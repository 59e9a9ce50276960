using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// The command of a <see cref="NestedPipeline"/>: it runs our own code within the engine. Not exported.
/// </summary>
/// <remarks>
/// What it is to do is handed over by <see cref="Next"/> when the engine makes it, on the thread that invokes the pipeline.
/// The parameters are for scripts: the first binding of each compiles a setter, which takes half a millisecond.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "NestedWork")]
internal sealed class NestedWorkCommand : PSCmdlet
{
    [ThreadStatic]
    private static CmdletInfo? _info;

    /// <summary>Gets the command, one object a thread: the engine caches its data about a command in it.</summary>
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

    /// <summary>Gets or sets what is called when the pipeline has been told to stop, by the stopping thread.</summary>
    [Parameter]
    public Action OnStop { get; set; } = static () => { };

    /// <summary>Sets the pipeline whose command is the next to be made on this thread; null: there is none to come.</summary>
    public static NestedPipeline? Next
    {
        set => _next = value;
    }

    protected override void EndProcessing() => Work(this);

    protected override void StopProcessing() => OnStop();
}
