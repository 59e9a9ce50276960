namespace GracefulExit.Tests.Torture.Plans;

/// <summary>What a signal's delay counts from.</summary>
internal enum SignalMoment
{
    /// <summary>The start of the process.</summary>
    Start,

    /// <summary>The beginning of a body.</summary>
    Body,

    /// <summary>The beginning of an exit block.</summary>
    ExitBlock,

    /// <summary>The caller's going on.</summary>
    After,
}
