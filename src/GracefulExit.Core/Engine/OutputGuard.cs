using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace GracefulExit.Engine;

/// <summary>
/// Comes between the exit blocks and the caller's pipeline, and passes output on as long as that pipeline takes it. Pipeline thread
/// only.
/// </summary>
/// <remarks>
/// Without it, the exception with which a consumer refuses more output (Select-Object -First, a stopped pipeline) would pass
/// through the exit block and end it midway (row B5).
/// </remarks>
internal sealed class OutputGuard(CallerSession caller) : IOwnWork
{
    public bool IsRefused { get; private set; }

    /// <summary>Gets or sets the pipeline in which an exit block runs: a stop of our own ends the block and says nothing about the consumer.</summary>
    public NestedPipeline? Pipeline { get; set; }

    /// <summary>Gets the exception with which the consumer refused output. The cmdlet throws it again as its last action.</summary>
    public ExceptionDispatchInfo? Refusal { get; private set; }

    public void Process(PSCmdlet command, PSObject? input)
    {
        if (IsRefused)
        {
            Drop(input);
            return;
        }

        try
        {
            command.WriteObject(input);
        }
        catch (Exception refusal) when (Pipeline is not { IsStopAllowed: true })
        {
            Refuse(refusal);
        }
    }

    public void End(PSCmdlet command)
    {
    }

    public void OnStop()
    {
    }

    public void Refuse(Exception? refusal = null)
    {
        IsRefused = true;
        Refusal ??= refusal is null ? null : ExceptionDispatchInfo.Capture(refusal);
    }

    /// <summary>Drops output that the consumer refuses. Errors are at least shown by the host.</summary>
    private void Drop(PSObject? output)
    {
        if (output is { BaseObject: ErrorRecord error })
        {
            caller.ReportError(error.ToString());
        }
    }
}
