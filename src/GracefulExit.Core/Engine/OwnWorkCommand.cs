using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// The command that runs our own code within the engine: in a <see cref="NestedPipeline"/>, and as the <see cref="OutputGuard"/>
/// behind an exit block. Not exported.
/// </summary>
/// <remarks>
/// It is one command for both, since the engine reads each command's parameters and compiles its constructor, which costs a process
/// with a single scope more than a millisecond. <see cref="Next"/> passes the work when the engine creates the command, on the thread
/// that has it created. Parameters are not used for it, since the first binding of each one compiles a setter.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "OwnWork")]
internal sealed class OwnWorkCommand : PSCmdlet
{
    [ThreadStatic]
    private static CmdletInfo? _info;

    [ThreadStatic]
    private static IOwnWork? _next;

    private readonly IOwnWork _work;

    public OwnWorkCommand()
    {
        _work = _next ?? throw new InvalidOperationException();
        _next = null;
    }

    /// <summary>Gets the command, one object for each thread: the engine caches data about a command in it.</summary>
    public static CmdletInfo Info => _info ??= new CmdletInfo("Invoke-OwnWork", typeof(OwnWorkCommand));

    /// <summary>Sets the work of the command that will be created next on this thread; null: none will.</summary>
    public static IOwnWork? Next
    {
        set => _next = value;
    }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord() => _work.Process(this, InputObject);

    protected override void EndProcessing() => _work.End(this);

    protected override void StopProcessing() => _work.OnStop();
}
