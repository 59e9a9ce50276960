namespace GracefulExit.Core;

/// <summary>The time limits of a scope.</summary>
/// <param name="Grace">How long the body may go on after an exit request; zero: not at all.</param>
/// <param name="Unwind">How long a stopped body may take to unwind.</param>
/// <param name="Forward">How long children get after a forwarded signal; zero: nothing is forwarded.</param>
internal readonly record struct ScopeLimits(TimeSpan Grace, TimeSpan Unwind, TimeSpan Forward)
{
    /// <summary>How long a stopped body may take to unwind once the process is exiting: its thread may be the one that is stuck in Exit.</summary>
    public static readonly TimeSpan UnwindWhileExiting = TimeSpan.FromMilliseconds(250);

    /// <summary>The time for children when <c>-GracePeriodSeconds</c> is not given.</summary>
    public static readonly TimeSpan DefaultForward = TimeSpan.FromSeconds(5);
}
