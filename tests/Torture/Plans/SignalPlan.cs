namespace GracefulExit.Tests.Torture.Plans;

/// <summary>A signal, or a storm of them, and when it is sent.</summary>
/// <param name="Moment">What must have happened first.</param>
/// <param name="Delay">How long after that; for <see cref="SignalMoment.Start"/>, a share of the time until a script usually begins.</param>
/// <param name="Names">The signals, one after another.</param>
/// <param name="Gap">The milliseconds between them.</param>
internal sealed record SignalPlan(SignalMoment Moment, double Delay, IReadOnlyList<string> Names, double Gap)
{
    /// <summary>The line of standard output with which a script announces the moment.</summary>
    public static string Announcement(SignalMoment moment) => moment switch
    {
        SignalMoment.Body => "ready",
        SignalMoment.ExitBlock => "exiting",
        SignalMoment.After => "after",
        _ => throw new ArgumentOutOfRangeException(nameof(moment)),
    };

    /// <inheritdoc/>
    public override string ToString() => Names.Count <= 5
        ? $"{Moment} + {Delay:0.###}: {string.Join(' ', Names)}"
        : $"{Moment} + {Delay:0.###}: {Names.Count} signals ({string.Join(' ', Names.Distinct())})";
}
