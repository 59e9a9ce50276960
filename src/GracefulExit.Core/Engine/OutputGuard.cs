using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace GracefulExit.Engine;

/// <summary>Whether the caller's pipeline still takes output. Pipeline thread only.</summary>
internal sealed class OutputGuard(CallerSession caller)
{
    public bool IsRefused { get; private set; }

    /// <summary>Gets or sets the pipeline in which an exit block runs: a stop of our own ends the block and says nothing about the consumer.</summary>
    public NestedPipeline? Pipeline { get; set; }

    /// <summary>Gets the exception with which the consumer refused output. The cmdlet throws it again as its last action.</summary>
    public ExceptionDispatchInfo? Refusal { get; private set; }

    /// <summary>Drops output that the consumer refuses. Errors are at least shown by the host.</summary>
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
