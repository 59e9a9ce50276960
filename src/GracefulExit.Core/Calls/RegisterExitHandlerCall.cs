using System.Management.Automation;
using GracefulExit.Core;
using GracefulExit.Formatting;
using GracefulExit.Guard;
using GracefulExit.Handlers;
using GracefulExit.Scopes;

namespace GracefulExit.Calls;

/// <summary>One call of <c>Register-ExitHandler</c>.</summary>
/// <remarks>Threads: the pipeline thread.</remarks>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class RegisterExitHandlerCall(PSCmdlet cmdlet)
{
    public ScriptBlock[] OnExit { get; set; } = [];

    public Signal[] Signals { get; set; } = [Signal.Terminate, Signal.Interrupt, Signal.HangUp];

    public AfterSignal AfterSignal { get; set; } = AfterSignal.Exit;

    public double StopTimeoutSeconds { get; set; } = 2;

    public double ExitTimeoutSeconds { get; set; }

    public bool Guard { get; set; }

    public bool PassThru { get; set; }

    /// <summary>Registers the exit blocks.</summary>
    public void Run()
    {
        HandlerOptions options = new()
        {
            ExitBlocks = OnExit,
            Signals = Signals,
            AfterSignal = AfterSignal,
            StopTimeout = TimeSpan.FromSeconds(StopTimeoutSeconds),
            ExitTimeout = TimeSpan.FromSeconds(ExitTimeoutSeconds),
            Guard = Guard,
            RegisteredFrom = new ScriptPosition(cmdlet.MyInvocation.ScriptName ?? string.Empty, cmdlet.MyInvocation.ScriptLineNumber),
        };
        try
        {
            ExitRuntime.Current.Prepare();
            RegisteredHandler handler = ExitRuntime.Current.UseHandlers().Register(cmdlet, options);
            if (PassThru)
            {
                FormatFile.Load(cmdlet);
                cmdlet.WriteObject(handler.Inform());
            }
        }
        catch (GuardFailedException exception)
        {
            cmdlet.ThrowTerminatingError(exception.ToErrorRecord());
        }
    }
}
