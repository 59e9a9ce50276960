namespace GracefulExit.Tests.Torture.Runs;

/// <summary>What can be wrong with a run.</summary>
internal enum Problem
{
    /// <summary>A body began and an exit block did not.</summary>
    Lost,

    /// <summary>An exit block began or ended twice.</summary>
    Double,

    /// <summary>An exit block began and did not come to its end.</summary>
    CutShort,

    /// <summary>Something ran that should have waited, or should not have run at all.</summary>
    WrongOrder,

    /// <summary>The process did not end.</summary>
    Hang,

    /// <summary>The process crashed, or printed something that only a defect prints.</summary>
    Crash,

    /// <summary>A process was left behind.</summary>
    Leftover,

    /// <summary>The contract does not allow the exit status.</summary>
    BadStatus,
}
