using System.Management.Automation;
using GracefulExit.Calls;
using GracefulExit.Parameters;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Runs a script block and runs its exit blocks exactly once, whatever ends it.</para>
/// </summary>
/// <remarks>Binds the parameters; <see cref="UseExitHandlerCall"/> does the work.</remarks>
[Cmdlet(VerbsOther.Use, "ExitHandler", HelpUri = HelpPages.Root + "Use-ExitHandler.md")]
[OutputType(typeof(object))]
public sealed class UseExitHandlerCommand : PSCmdlet
{
    private readonly UseExitHandlerCall _call;

    public UseExitHandlerCommand() => _call = new UseExitHandlerCall(this);

    /// <summary>Gets or sets the body: the script block to run, in the caller's scope.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateScriptBlock]
    public ScriptBlock ScriptBlock
    {
        get => _call.ScriptBlock;
        set => _call.ScriptBlock = value;
    }

    /// <summary>Gets or sets the exit blocks: run in this order, once, when the body has ended.</summary>
    [Parameter(Position = 1)]
    [ValidateScriptBlock]
    public ScriptBlock[] OnExit
    {
        get => _call.OnExit;
        set => _call.OnExit = value;
    }

    /// <summary>Gets or sets a value indicating whether the scope may nest within one that is active already.</summary>
    [Parameter]
    public SwitchParameter Append
    {
        get => _call.Append;
        set => _call.Append = value;
    }

    /// <summary>Gets or sets the signals that end the body.</summary>
    [Parameter]
    [SignalTransformation]
    [ArgumentCompleter(typeof(SignalCompleter))]
    [ValidateNotNullOrEmpty]
    public Signal[] Signal
    {
        get => _call.Signals;
        set => _call.Signals = value;
    }

    /// <summary>Gets or sets what follows once a signal has ended the scope.</summary>
    [Parameter]
    public AfterSignal AfterSignal
    {
        get => _call.AfterSignal;
        set => _call.AfterSignal = value;
    }

    /// <summary>Gets or sets the status of the process after a signal, with <c>-AfterSignal Exit</c>; 128 + the signal's number if not given.</summary>
    [Parameter]
    [ValidateRange(0, 255)]
    public int SignalExitCode
    {
        get => _call.SignalExitCode ?? 0;
        set => _call.SignalExitCode = value;
    }

    /// <summary>Gets or sets how many seconds the body gets to end by itself after an exit request.</summary>
    [Parameter]
    [Seconds]
    public double GracePeriodSeconds
    {
        get => _call.GracePeriodSeconds;
        set => _call.GracePeriodSeconds = value;
    }

    /// <summary>Gets or sets how many seconds a stopped body gets to unwind before its exit blocks are run elsewhere.</summary>
    [Parameter]
    [Seconds]
    public double StopTimeoutSeconds
    {
        get => _call.StopTimeoutSeconds;
        set => _call.StopTimeoutSeconds = value;
    }

    /// <summary>Gets or sets how many seconds an exit block may run; 0: as long as it likes.</summary>
    [Parameter]
    [Seconds]
    public double ExitTimeoutSeconds
    {
        get => _call.ExitTimeoutSeconds;
        set => _call.ExitTimeoutSeconds = value;
    }

    /// <summary>Gets or sets a value indicating whether processes that the body has started get the signal too.</summary>
    [Parameter]
    public SwitchParameter ForwardSignal
    {
        get => _call.ForwardSignal;
        set => _call.ForwardSignal = value;
    }

    /// <summary>Gets or sets a value indicating whether a second process runs the exit blocks if this one dies without having run them.</summary>
    [Parameter]
    public SwitchParameter Guard
    {
        get => _call.Guard;
        set => _call.Guard = value;
    }

    /// <summary>Gets or sets the arguments of the body.</summary>
    [Parameter]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList
    {
        get => _call.Arguments;
        set => _call.Arguments = value ?? [];
    }

    /// <summary>Gets or sets the name of the caller's variable for the exit context.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExitVariable
    {
        get => _call.ExitVariable;
        set => _call.ExitVariable = value;
    }

    /// <summary>Gets or sets what is piped in: the body finds it as <c>$input</c>.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject
    {
        get => _call.InputObject;
        set => _call.InputObject = value;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _call.TakeInput();

    /// <inheritdoc/>
    protected override void EndProcessing() => _call.Run();

    /// <inheritdoc/>
    protected override void StopProcessing() => _call.Stop();
}
