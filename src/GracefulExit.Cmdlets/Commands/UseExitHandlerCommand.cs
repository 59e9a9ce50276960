using System.Management.Automation;
using GracefulExit.Core;
using GracefulExit.Forwarding;
using GracefulExit.Guard;
using GracefulExit.Parameters;
using GracefulExit.Scopes;
using GracefulExit.Supervision;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Runs a script block and runs its exit blocks exactly once, whatever ends it.</para>
/// </summary>
/// <remarks>Binds the parameters; <see cref="ScopeRunner"/> does the work.</remarks>
[Cmdlet(VerbsOther.Use, "ExitHandler", HelpUri = HelpPages.Root + "Use-ExitHandler.md")]
[OutputType(typeof(object))]
public sealed class UseExitHandlerCommand : PSCmdlet
{
    private readonly List<object?> _input = [];
    private readonly Latch _stopping = new();
    private volatile ScopeRunner? _runner;

    /// <summary>A number, since the core is not loaded yet when the engine looks at this class (<see cref="CoreLoader"/>).</summary>
    private int _afterSignal;

    /// <summary>Gets or sets the body: the script block to run, in the caller's scope.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateScriptBlock]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Gets or sets the exit blocks: run in this order, once, when the body has ended.</summary>
    [Parameter(Position = 1)]
    [ValidateScriptBlock]
    public ScriptBlock[] OnExit { get; set; } = [];

    /// <summary>Gets or sets a value indicating whether the scope may nest within one that is active already.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>Gets or sets the signals that end the body.</summary>
    [Parameter]
    [SignalTransformation]
    [ArgumentCompleter(typeof(SignalCompleter))]
    [ValidateNotNullOrEmpty]
    public Signal[] Signal { get; set; } = [GracefulExit.Signal.Terminate, GracefulExit.Signal.Interrupt, GracefulExit.Signal.HangUp];

    /// <summary>Gets or sets what follows once a signal has ended the scope.</summary>
    [Parameter]
    public AfterSignal AfterSignal
    {
        get => (AfterSignal)_afterSignal;
        set => _afterSignal = (int)value;
    }

    /// <summary>Gets or sets the status of the process after a signal, with <c>-AfterSignal Exit</c>; 128 + the signal's number if not given.</summary>
    [Parameter]
    [ValidateRange(0, 255)]
    public int SignalExitCode { get; set; }

    /// <summary>Gets or sets how many seconds the body gets to end by itself after an exit request.</summary>
    [Parameter]
    [Seconds]
    public double GracePeriodSeconds { get; set; }

    /// <summary>Gets or sets how many seconds a stopped body gets to unwind before its exit blocks are run elsewhere.</summary>
    [Parameter]
    [Seconds]
    public double StopTimeoutSeconds { get; set; } = 2;

    /// <summary>Gets or sets how many seconds an exit block may run; 0: as long as it likes.</summary>
    [Parameter]
    [Seconds]
    public double ExitTimeoutSeconds { get; set; }

    /// <summary>Gets or sets a value indicating whether processes that the body has started get the signal too.</summary>
    [Parameter]
    public SwitchParameter ForwardSignal { get; set; }

    /// <summary>Gets or sets a value indicating whether a second process runs the exit blocks if this one dies without having run them.</summary>
    [Parameter]
    public SwitchParameter Guard { get; set; }

    /// <summary>Gets or sets the arguments of the body.</summary>
    [Parameter]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>Gets or sets the name of the caller's variable for the exit context.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExitVariable { get; set; }

    /// <summary>Gets or sets what is piped in: the body finds it as <c>$input</c>.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput)
        {
            _input.Add(InputObject);
        }
        else if (IsGiven(nameof(InputObject)))
        {
            ThrowTerminatingError(new ErrorRecord(
                new ArgumentException(Messages.InputObjectByName), "InputObjectByName", ErrorCategory.InvalidArgument, null));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ForwardSignal && !IForwardingSystem.Current.IsSupported)
        {
            ThrowTerminatingError(new ErrorRecord(
                new PlatformNotSupportedException(Messages.ForwardSignalUnsupported),
                "ForwardSignalUnsupported",
                ErrorCategory.NotImplemented,
                null));
        }

        if (IsGiven(nameof(SignalExitCode)) && AfterSignal != AfterSignal.Exit)
        {
            ThrowTerminatingError(new ErrorRecord(
                new ArgumentException(Messages.SignalExitCodeUnused), "SignalExitCodeUnused", ErrorCategory.InvalidArgument, null));
        }

        ScopeRunner runner = new(this, new ScopeOptions
        {
            Body = ScriptBlock,
            ExitBlocks = OnExit,
            Arguments = IsGiven(nameof(ArgumentList)) ? ArgumentList ?? [] : null,
            Input = MyInvocation.ExpectingInput ? _input : null,
            Signals = Signal,
            AfterSignal = AfterSignal,
            GracePeriod = TimeSpan.FromSeconds(GracePeriodSeconds),
            StopTimeout = TimeSpan.FromSeconds(StopTimeoutSeconds),
            ExitTimeout = TimeSpan.FromSeconds(ExitTimeoutSeconds),
            Append = Append,
            ExitVariable = ParseExitVariable(),
            SignalExitCode = IsGiven(nameof(SignalExitCode)) ? SignalExitCode : null,
            ForwardSignal = ForwardSignal,
            Guard = Guard,
            StartedFrom = new ScriptPosition(MyInvocation.ScriptName ?? string.Empty, MyInvocation.ScriptLineNumber),
        }, ExitRuntime.Current, _stopping);
        _runner = runner;
        try
        {
            runner.Run();
        }
        catch (AlreadyRegisteredException exception)
        {
            ThrowTerminatingError(exception.ToErrorRecord());
        }
        catch (GuardFailedException exception)
        {
            ThrowTerminatingError(exception.ToErrorRecord());
        }
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private ExitVariable? ParseExitVariable()
    {
        try
        {
            return Scopes.ExitVariable.Parse(ExitVariable, SessionState.PSVariable);
        }
        catch (ArgumentException exception)
        {
            ThrowTerminatingError(new ErrorRecord(exception, "ExitVariableInvalid", ErrorCategory.InvalidArgument, ExitVariable));
            return null;
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // The stop may come before there is anything that it could end. Whatever comes later looks for it.
        _stopping.Set();
        _runner?.OnStopProcessing();
    }
}
