using System.Globalization;
using System.Management.Automation;

namespace GracefulExit.Parameters;

/// <summary>
/// Accepts what can be waited: 0 to about 24 days, the longest wait of .NET's timers, as a number of seconds or as a
/// <see cref="TimeSpan"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    /// <summary>The most seconds that fit a wait of <see cref="int.MaxValue"/> milliseconds.</summary>
    public const double Maximum = int.MaxValue / 1000;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is TimeSpan time)
        {
            value = time.TotalSeconds;
        }

        return value is not null && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and <= Maximum
            ? seconds
            : throw new ArgumentTransformationMetadataException(Messages.SecondsOutOfRange(inputData ?? "$null", Maximum));
    }
}
