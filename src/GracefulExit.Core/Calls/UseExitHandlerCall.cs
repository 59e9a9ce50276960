using System.Management.Automation;
using GracefulExit.Core;
using GracefulExit.Forwarding;
using GracefulExit.Guard;
using GracefulExit.Scopes;
using GracefulExit.Supervision;

namespace GracefulExit.Calls;

/// <summary>
/// One call of <c>Use-ExitHandler</c>: takes its parameters, refuses what does not fit together, and has a
/// <see cref="ScopeRunner"/> do the work.
/// </summary>
/// <remarks>Threads: the pipeline thread; the stopping thread calls <see cref="Stop"/>.</remarks>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class UseExitHandlerCall(PSCmdlet cmdlet)
{
    private readonly List<object?> _input = [];
    private readonly Latch _stopping = new();
    private volatile ScopeRunner? _runner;
    private bool _isInputGiven;

    public ScriptBlock ScriptBlock { get; set; } = null!;

    public ScriptBlock[] OnExit { get; set; } = [];

    public bool Append { get; set; }

    public Signal[] Signals { get; set; } = [Signal.Terminate, Signal.Interrupt, Signal.HangUp];

    public AfterSignal AfterSignal { get; set; }

    /// <summary>Gets or sets the status of the process after a signal; null: not given.</summary>
    public int? SignalExitCode { get; set; }

    public double GracePeriodSeconds { get; set; }

    public double StopTimeoutSeconds { get; set; } = 2;

    public double ExitTimeoutSeconds { get; set; }

    public bool ForwardSignal { get; set; }

    public bool Guard { get; set; }

    /// <summary>Gets or sets the arguments of the body; null: not given.</summary>
    public object?[]? Arguments { get; set; }

    public string? ExitVariable { get; set; }

    /// <summary>Gets or sets the object that is piped in at the moment.</summary>
    public PSObject? InputObject
    {
        get;
        set
        {
            field = value;
            _isInputGiven = true;
        }
    }

    /// <summary>Keeps what is piped in.</summary>
    public void TakeInput()
    {
        if (cmdlet.MyInvocation.ExpectingInput)
        {
            _input.Add(InputObject);
        }
        else if (_isInputGiven)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new ArgumentException(Messages.InputObjectByName), "InputObjectByName", ErrorCategory.InvalidArgument, null));
        }
    }

    /// <summary>Runs the body and the exit blocks.</summary>
    public void Run()
    {
        if (ForwardSignal && !IForwardingSystem.Current.IsSupported)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new PlatformNotSupportedException(Messages.ForwardSignalUnsupported),
                "ForwardSignalUnsupported",
                ErrorCategory.NotImplemented,
                null));
        }

        if (SignalExitCode is not null && AfterSignal != AfterSignal.Exit)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new ArgumentException(Messages.SignalExitCodeUnused), "SignalExitCodeUnused", ErrorCategory.InvalidArgument, null));
        }

        ScopeRunner runner = new(cmdlet, MakeOptions(), ExitRuntime.Current, _stopping);
        _runner = runner;
        try
        {
            runner.Run();
        }
        catch (AlreadyRegisteredException exception)
        {
            cmdlet.ThrowTerminatingError(exception.ToErrorRecord());
        }
        catch (GuardFailedException exception)
        {
            cmdlet.ThrowTerminatingError(exception.ToErrorRecord());
        }
    }

    /// <summary>The caller is being stopped.</summary>
    public void Stop()
    {
        // The stop may come before there is anything that it could end. Whatever comes later looks for it.
        _stopping.Set();
        _runner?.OnStopProcessing();
    }

    private ScopeOptions MakeOptions() => new()
    {
        Body = ScriptBlock,
        ExitBlocks = OnExit,
        Arguments = Arguments,
        Input = cmdlet.MyInvocation.ExpectingInput ? _input : null,
        Signals = Signals,
        AfterSignal = AfterSignal,
        GracePeriod = TimeSpan.FromSeconds(GracePeriodSeconds),
        StopTimeout = TimeSpan.FromSeconds(StopTimeoutSeconds),
        ExitTimeout = TimeSpan.FromSeconds(ExitTimeoutSeconds),
        Append = Append,
        ExitVariable = ParseExitVariable(),
        SignalExitCode = SignalExitCode,
        ForwardSignal = ForwardSignal,
        Guard = Guard,
        StartedFrom = new ScriptPosition(cmdlet.MyInvocation.ScriptName ?? string.Empty, cmdlet.MyInvocation.ScriptLineNumber),
    };

    private ExitVariable? ParseExitVariable()
    {
        try
        {
            return Scopes.ExitVariable.Parse(ExitVariable, cmdlet.SessionState.PSVariable);
        }
        catch (ArgumentException exception)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(exception, "ExitVariableInvalid", ErrorCategory.InvalidArgument, ExitVariable));
            return null;
        }
    }
}
