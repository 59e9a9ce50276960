namespace GracefulExit.Signals;

/// <summary>Where signals come from: the operating system, or a test.</summary>
internal interface ISignalSource
{
    /// <summary>
    /// Gets a value indicating whether handlers of others that are older than ours, the shell's own among them, run only when
    /// <see cref="RunOlderHandlers"/> is called. False: the system runs none of them for a signal that was taken.
    /// </summary>
    bool HasOlderHandlers { get; }

    /// <summary>
    /// Gets a value indicating whether the shell can end by itself while a signal other than Ctrl+C and the like is being
    /// handled, and the process with the shell's status.
    /// </summary>
    bool MayShellEnd { get; }

    /// <summary>Has signals delivered: adds one use to each. Before the scope becomes active, so that it misses nothing.</summary>
    void Acquire(IReadOnlyList<Signal> signals);

    /// <summary>Removes one use from each. Without any use, the signal has its default effect again (row A8).</summary>
    void Release(IReadOnlyList<Signal> signals);

    /// <summary>Runs the older handlers of a signal that was taken, on another thread (row A7). They do not end the process.</summary>
    /// <param name="signal">The signal, which the caller has acquired.</param>
    /// <param name="onBegun">
    /// Is called once, with whether there are any, on the thread that runs them, before the first; the signal may be released
    /// then.
    /// </param>
    void RunOlderHandlers(Signal signal, Action<bool> onBegun);
}
