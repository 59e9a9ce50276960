using System.Collections;
using System.Management.Automation;

namespace GracefulExit.Parameters;

/// <summary>
/// Turns what the user gives to <c>-Signal</c> into <see cref="Signal"/>s, with an error that names what is allowed.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SignalTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        List<Signal> signals = [];
        foreach (object? item in value is IEnumerable list and not string ? list : new[] { value })
        {
            Signal signal = Convert(item is PSObject element ? element.BaseObject : item);
            if (!signals.Contains(signal))
            {
                signals.Add(signal);
            }
        }

        return signals.ToArray();
    }

    private static Signal Convert(object? item)
    {
        if (item is Signal ready)
        {
            return ready;
        }

        string text = LanguagePrimitives.ConvertTo<string>(item);
        if (Signal.TryParse(text, out Signal? signal))
        {
            return signal;
        }

        string allowed = string.Join(", ", Signal.Allowed.Select(candidate => candidate.Name));
        string message = IsUncatchable(text)
            ? Messages.SignalUncatchable(text, allowed)
            : Messages.SignalUnknown(text, allowed);
        throw new ArgumentTransformationMetadataException(message);
    }

    /// <summary>signal(7): "The signals SIGKILL and SIGSTOP cannot be caught, blocked, or ignored."</summary>
    private static bool IsUncatchable(string text)
    {
        string name = text.Trim().ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        int stop = OperatingSystem.IsMacOS() ? 17 : 19;
        return name is "KILL" or "STOP" or "9" || name == stop.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
