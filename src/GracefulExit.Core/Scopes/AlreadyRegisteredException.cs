using System.Management.Automation;

namespace GracefulExit.Scopes;

/// <summary>Another scope is active and <c>-Append</c> was not given.</summary>
#pragma warning disable CA1032, CA1064 // The cmdlet catches it at once and turns it into an error record.
internal sealed class AlreadyRegisteredException(Scope active)
    : InvalidOperationException(Messages.AlreadyRegistered(Messages.ScopeDescription(active.Id, active.Options.StartedFrom.ToString())))
#pragma warning restore CA1032, CA1064
{
    public ErrorRecord ToErrorRecord() =>
        new(this, "ExitHandlerAlreadyRegistered", ErrorCategory.ResourceExists, active.Id);
}
