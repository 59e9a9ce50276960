using System.Management.Automation;
using System.Runtime.ExceptionServices;
using GracefulExit.Scopes;

namespace GracefulExit.Pipelines;

/// <summary>Whether the caller's pipeline still takes output. Pipeline thread only.</summary>
internal sealed class OutputGuard(CallerSession caller)
{
    public bool IsRefused { get; private set; }

    /// <summary>Gets the exception by which the consumer refused, to be thrown again as the last thing the cmdlet does.</summary>
    public ExceptionDispatchInfo? Refusal { get; private set; }

    /// <summary>Drops what nobody takes; an error is at least shown by the host.</summary>
    public void Drop(object? output)
    {
        if (output is PSObject { BaseObject: ErrorRecord error })
        {
            caller.ReportError(error.ToString());
        }
    }

    public void Refuse(Exception? refusal = null)
    {
        IsRefused = true;
        Refusal ??= refusal is null ? null : ExceptionDispatchInfo.Capture(refusal);
    }
}
