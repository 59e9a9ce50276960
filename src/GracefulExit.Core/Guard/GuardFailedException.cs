using System.Management.Automation;

namespace GracefulExit.Guard;

/// <summary>A scope can't be guarded. None of its code has run.</summary>
#pragma warning disable CA1032, CA1064 // The cmdlet catches it at once and turns it into an error record.
internal sealed class GuardFailedException(string message, Exception? cause = null) : InvalidOperationException(message, cause)
#pragma warning restore CA1032, CA1064
{
    public ErrorRecord ToErrorRecord() => new(
        this,
        "GuardFailed",
        ErrorCategory.ResourceUnavailable,
        null);
}
