using System.Collections;
using System.Management.Automation;

namespace GracefulExit.Parameters;

/// <summary>
/// Refuses a script block that is null, with the likeliest reason: <c>$function:name</c> is null without an error if there
/// is no such function.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateScriptBlockAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null || (arguments is IEnumerable several && several.Cast<object?>().Contains(null)))
        {
            throw new ValidationMetadataException(Messages.ScriptBlockMissing);
        }
    }
}
