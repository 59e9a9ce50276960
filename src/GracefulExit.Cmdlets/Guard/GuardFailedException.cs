using System.Management.Automation;

namespace GracefulExit.Guard;

/// <summary>A scope can't be guarded. Nothing of it has run.</summary>
#pragma warning disable CA1032, CA1064 // Caught at once by the cmdlet, which makes an error record of it.
internal sealed class GuardFailedException(string message, Exception? cause = null) : InvalidOperationException(message, cause)
#pragma warning restore CA1032, CA1064
{
    public ErrorRecord ToErrorRecord() => new(
        this,
        "GuardFailed",
        ErrorCategory.ResourceUnavailable,
        null);
}
