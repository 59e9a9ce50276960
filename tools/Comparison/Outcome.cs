using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Comparison;

/// <summary>What became of one run.</summary>
/// <param name="Begun">How often the clean-up began.</param>
/// <param name="Completed">How often it came to its end.</param>
/// <param name="GoesOn">Whether the statement after the work was run.</param>
/// <param name="Status">How the process ended; null: it did not, in ten seconds.</param>
internal sealed record Outcome(int Begun, int Completed, bool GoesOn, ExitStatus? Status)
{
    public override string ToString()
    {
        string cleanUp = (Begun, Completed) switch
        {
            (0, _) => "**no**",
            (1, 1) => "yes",
            (1, 0) => "**cut short**",
            _ => $"**{Begun} times**",
        };
        if (Status is null)
        {
            return "**not within 10 s**";
        }

        // As Windows writes such codes.
        string end = Status is { Code: < 0 or > 255 } ? $"0x{Status.Value.Code:X8}" : $"{Status}".Replace("exit ", "", StringComparison.Ordinal).Replace("killed by ", "", StringComparison.Ordinal);
        return $"{cleanUp}, {(GoesOn ? "goes on, " : "")}{end}";
    }
}
