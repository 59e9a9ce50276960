namespace GracefulExit.Tests.Torture.Runs;

/// <summary>Where a run was when a signal was sent.</summary>
internal enum Phase
{
    /// <summary>No body had begun.</summary>
    Before,

    /// <summary>A body had begun, no exit block had.</summary>
    Body,

    /// <summary>An exit block had begun, the last one had not ended.</summary>
    ExitBlock,

    /// <summary>The last exit block had ended.</summary>
    After,
}
