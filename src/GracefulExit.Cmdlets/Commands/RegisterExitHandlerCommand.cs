using System.Management.Automation;
using GracefulExit.Core;
using GracefulExit.Formatting;
using GracefulExit.Guard;
using GracefulExit.Handlers;
using GracefulExit.Parameters;
using GracefulExit.Scopes;

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
    /// <summary>A number, since the core is not loaded yet when the engine looks at this class (<see cref="CoreLoader"/>).</summary>
    private int _afterSignal = (int)AfterSignal.Exit;

    /// <summary>Gets or sets the exit blocks: run in this order, once, when the session ends.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateScriptBlock]
    [ValidateNotNullOrEmpty]
    public ScriptBlock[] OnExit { get; set; } = [];

    /// <summary>Gets or sets the signals before whose usual effect the exit blocks run.</summary>
    [Parameter]
    [SignalTransformation]
    [ArgumentCompleter(typeof(SignalCompleter))]
    [ValidateNotNullOrEmpty]
    public Signal[] Signal { get; set; } = [GracefulExit.Signal.Terminate, GracefulExit.Signal.Interrupt, GracefulExit.Signal.HangUp];

    /// <summary>Gets or sets how the process ends after a signal.</summary>
    [Parameter]
    [ValidateSet(nameof(AfterSignal.Exit), nameof(AfterSignal.Raise))]
    public AfterSignal AfterSignal
    {
        get => (AfterSignal)_afterSignal;
        set => _afterSignal = (int)value;
    }

    /// <summary>Gets or sets how many seconds the script gets to unwind after a signal before the exit blocks are run elsewhere.</summary>
    [Parameter]
    [Seconds]
    public double StopTimeoutSeconds { get; set; } = 2;

    /// <summary>Gets or sets how many seconds an exit block may run; 0: the 5 seconds that each has while the process is exiting.</summary>
    [Parameter]
    [Seconds]
    public double ExitTimeoutSeconds { get; set; }

    /// <summary>Gets or sets a value indicating whether a second process runs the exit blocks if this one dies without having run them.</summary>
    [Parameter]
    public SwitchParameter Guard { get; set; }

    /// <summary>Gets or sets a value indicating whether to return what <c>Unregister-ExitHandler</c> takes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        HandlerOptions options = new()
        {
            ExitBlocks = OnExit,
            Signals = Signal,
            AfterSignal = AfterSignal,
            StopTimeout = TimeSpan.FromSeconds(StopTimeoutSeconds),
            ExitTimeout = TimeSpan.FromSeconds(ExitTimeoutSeconds),
            Guard = Guard,
            RegisteredFrom = new ScriptPosition(MyInvocation.ScriptName ?? string.Empty, MyInvocation.ScriptLineNumber),
        };
        try
        {
            ExitRuntime.Current.Prepare();
            RegisteredHandler handler = ExitRuntime.Current.UseHandlers().Register(this, options);
            if (PassThru)
            {
                FormatFile.Load(this);
                WriteObject(handler.Inform());
            }
        }
        catch (GuardFailedException exception)
        {
            ThrowTerminatingError(exception.ToErrorRecord());
        }
    }
}
