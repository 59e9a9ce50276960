using System.Runtime.ExceptionServices;

namespace GracefulExit.Pipelines;

/// <summary>Whether the caller's pipeline still takes output. Pipeline thread only.</summary>
internal sealed class OutputGuard
{
    public bool IsRefused { get; private set; }

    /// <summary>Gets the exception by which the consumer refused, to be thrown again as the last thing the cmdlet does.</summary>
    public ExceptionDispatchInfo? Refusal { get; private set; }

    public void Refuse(Exception? refusal = null)
    {
        IsRefused = true;
        Refusal ??= refusal is null ? null : ExceptionDispatchInfo.Capture(refusal);
    }
}
