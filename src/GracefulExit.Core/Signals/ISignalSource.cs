namespace GracefulExit.Signals;

/// <summary>Where signals come from: the operating system, or a test.</summary>
internal interface ISignalSource
{
    /// <summary>
    /// Gets a value indicating whether <see cref="RunOlderHandlers"/> runs the older handlers of others, the shell's own among them.
    /// False: the system runs none of them for a signal that was taken.
    /// </summary>
    bool HasOlderHandlers { get; }

    /// <summary>
    /// Gets a value indicating whether, while a signal other than Ctrl+C or Ctrl+Break is being handled, the shell can end by
    /// itself and the process with the shell's status.
    /// </summary>
    bool MayShellEnd { get; }

    /// <summary>Registers signals: adds one use to each. Call it before the scope becomes active, so that it misses nothing.</summary>
    void Acquire(IReadOnlyList<Signal> signals);

    /// <summary>Removes one use from each. A signal without uses has its default effect again (row A8).</summary>
    void Release(IReadOnlyList<Signal> signals);

    /// <summary>Runs the older handlers of a signal that was taken, on another thread (row A7). They do not end the process.</summary>
    /// <param name="signal">The signal, which the caller has acquired.</param>
    /// <param name="onBegun">
    /// Is called once, on the thread that runs them and before the first one, with whether there are any. From then on the signal
    /// may be released.
    /// </param>
    void RunOlderHandlers(Signal signal, Action<bool> onBegun);
}
