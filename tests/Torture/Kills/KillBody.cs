namespace GracefulExit.Tests.Torture.Kills;

/// <summary>What the innermost body does until it is killed or told to end.</summary>
internal enum KillBody
{
    /// <summary>It sleeps.</summary>
    Sleep,

    /// <summary>It computes.</summary>
    Busy,

    /// <summary>It waits for a native command, which outlives it.</summary>
    Native,

    /// <summary>It sleeps, and has started a native command that runs on in the background.</summary>
    Background,
}
