using System.Management.Automation;
using GracefulExit.Calls;
using GracefulExit.Parameters;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Registers exit blocks for the end of the session, without a block around the script.</para>
/// </summary>
/// <remarks>
/// Registering only adds: what a scope or the system does with a signal stays as it is, except for the clean-up before it (rows
/// F1–F11).
/// </remarks>
[Cmdlet(VerbsLifecycle.Register, "ExitHandler", HelpUri = HelpPages.Root + "Register-ExitHandler.md")]
[OutputType(typeof(ExitHandlerInfo))]
public sealed class RegisterExitHandlerCommand : PSCmdlet
{
    private readonly RegisterExitHandlerCall _call;

    public RegisterExitHandlerCommand() => _call = new RegisterExitHandlerCall(this);

    /// <summary>Gets or sets the exit blocks: run in this order, once, when the session ends.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateScriptBlock]
    [ValidateNotNullOrEmpty]
    public ScriptBlock[] OnExit
    {
        get => _call.OnExit;
        set => _call.OnExit = value;
    }

    /// <summary>Gets or sets the signals before whose usual effect the exit blocks run.</summary>
    [Parameter]
    [SignalTransformation]
    [ArgumentCompleter(typeof(SignalCompleter))]
    [ValidateNotNullOrEmpty]
    public Signal[] Signal
    {
        get => _call.Signals;
        set => _call.Signals = value;
    }

    /// <summary>Gets or sets how the process ends after a signal.</summary>
    [Parameter]
    [ValidateSet(nameof(AfterSignal.Exit), nameof(AfterSignal.Raise))]
    public AfterSignal AfterSignal
    {
        get => _call.AfterSignal;
        set => _call.AfterSignal = value;
    }

    /// <summary>Gets or sets how many seconds the script gets to unwind after a signal before the exit blocks are run elsewhere.</summary>
    [Parameter]
    [Seconds]
    public double StopTimeoutSeconds
    {
        get => _call.StopTimeoutSeconds;
        set => _call.StopTimeoutSeconds = value;
    }

    /// <summary>Gets or sets how many seconds an exit block may run; 0: the 5 seconds that each has while the process is exiting.</summary>
    [Parameter]
    [Seconds]
    public double ExitTimeoutSeconds
    {
        get => _call.ExitTimeoutSeconds;
        set => _call.ExitTimeoutSeconds = value;
    }

    /// <summary>Gets or sets a value indicating whether a second process runs the exit blocks if this one dies without having run them.</summary>
    [Parameter]
    public SwitchParameter Guard
    {
        get => _call.Guard;
        set => _call.Guard = value;
    }

    /// <summary>Gets or sets a value indicating whether to return what <c>Unregister-ExitHandler</c> takes.</summary>
    [Parameter]
    public SwitchParameter PassThru
    {
        get => _call.PassThru;
        set => _call.PassThru = value;
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _call.Run();
}
