namespace GracefulExit.Tests.Torture.Plans;

/// <summary>The moment from which a signal's delay counts.</summary>
internal enum SignalMoment
{
    /// <summary>The start of the process.</summary>
    Start,

    /// <summary>The beginning of a body.</summary>
    Body,

    /// <summary>The beginning of an exit block.</summary>
    ExitBlock,

    /// <summary>The moment at which the caller goes on.</summary>
    After,
}
