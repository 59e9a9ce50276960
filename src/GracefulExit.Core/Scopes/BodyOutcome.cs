using System.Management.Automation;
using System.Runtime.ExceptionServices;
using GracefulExit.Core;

namespace GracefulExit.Scopes;

/// <summary>How a body ended, and what the caller gets to see of it.</summary>
internal sealed class BodyOutcome
{
    public static readonly BodyOutcome Completed = new(BodyOutcomeKind.Completed);

    /// <summary>The body never began: an exit was requested before.</summary>
    public static readonly BodyOutcome NotBegun = new(BodyOutcomeKind.Stopped);

    private BodyOutcome(BodyOutcomeKind kind) => Kind = kind;

    public BodyOutcomeKind Kind { get; }

    public int ExitCode { get; private init; }

    public ErrorRecord? ErrorRecord { get; private init; }

    /// <summary>Gets the exception that left the body. It is thrown again in the caller after the exit blocks.</summary>
    public ExceptionDispatchInfo? Exception { get; private init; }

    /// <summary>Gets a value indicating whether a command further down the caller's pipeline takes no more output.</summary>
    public bool IsOutputRefused => Kind == BodyOutcomeKind.Stopped && Exception?.SourceException is FlowControlException;

    public static BodyOutcome FromException(Exception exception)
    {
        ExceptionDispatchInfo thrown = ExceptionDispatchInfo.Capture(exception);
        switch (exception)
        {
            case ExitException exit:
                return new BodyOutcome(BodyOutcomeKind.Exit) { Exception = thrown, ExitCode = ToExitCode(exit.Argument) };
            case LoopFlowException:
                return new BodyOutcome(BodyOutcomeKind.LoopFlow) { Exception = thrown };
            // The remaining flow control exceptions: Select-Object -First has enough, or the debugger was told to quit.
            case PipelineStoppedException or FlowControlException:
                return new BodyOutcome(BodyOutcomeKind.Stopped) { Exception = thrown };
            default:
                if (exception is RuntimeException runtime)
                {
                    // Otherwise the engine would wrap it when it leaves our cmdlet, with another type and another position.
                    runtime.WasThrownFromThrowStatement = true;
                }

                return new BodyOutcome(BodyOutcomeKind.Error)
                {
                    Exception = thrown,
                    ErrorRecord = (exception as IContainsErrorRecord)?.ErrorRecord
                        ?? new ErrorRecord(exception, exception.GetType().Name, ErrorCategory.NotSpecified, null),
                };
        }
    }

    /// <summary>The status as pwsh computes it: 0 if the argument is not a number, as in "exit 'x'".</summary>
    private static int ToExitCode(object? argument) =>
        LanguagePrimitives.TryConvertTo(argument, out int code) ? code : 0;
}
