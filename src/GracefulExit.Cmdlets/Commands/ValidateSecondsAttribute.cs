using System.Management.Automation;

namespace GracefulExit.Commands;

/// <summary>Accepts what can be waited: 0 to about 24 days, the longest wait of .NET's timers.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateSecondsAttribute : ValidateArgumentsAttribute
{
    /// <summary>The most seconds that fit a wait of <see cref="int.MaxValue"/> milliseconds.</summary>
    public const double Maximum = int.MaxValue / 1000;

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (!LanguagePrimitives.TryConvertTo(arguments, out double seconds) || !(seconds is >= 0 and <= Maximum))
        {
            throw new ValidationMetadataException(Messages.SecondsOutOfRange(arguments, Maximum));
        }
    }
}
