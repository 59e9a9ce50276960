namespace GracefulExit.Forwarding;

/// <summary>What <c>-ForwardSignal</c> needs of the operating system. One class for each system: the rest knows no system.</summary>
internal interface IForwardingSystem
{
    /// <summary>Gets the one of this system.</summary>
    static IForwardingSystem Current { get; } = OperatingSystem.IsWindows() ? new WindowsForwarding() : new LinuxForwarding();

    /// <summary>Gets a value indicating whether this system can tell what is needed.</summary>
    bool IsSupported { get; }

    /// <summary>Gets the calling thread, as <see cref="FindChildren"/> wants it.</summary>
    int CurrentThread { get; }

    /// <summary>Whether children can have a signal.</summary>
    /// <param name="isDelivered">Whether it came from the system; else code has asked for the exit.</param>
    bool Reaches(bool isDelivered);

    /// <summary>
    /// The children that a signal is for, in the order in which they were started, with those that have ended and of whose end nobody
    /// has taken note: the body has not gone on behind them.
    /// </summary>
    /// <param name="thread">The thread that has started them, where the system knows that.</param>
    IReadOnlyList<ChildProcess> FindChildren(int thread);

    /// <summary>Whether this very process is still there, if only because nobody has taken note of its end.</summary>
    bool IsThere(ChildProcess child);

    /// <summary>Sends a signal to those that have not got it already.</summary>
    /// <param name="children">The children.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="isDelivered">Whether it came from the system.</param>
    void Send(IReadOnlyList<ChildProcess> children, Signal signal, bool isDelivered);

    /// <summary>Whether a native command's status says that one of these signals has ended it.</summary>
    bool IsKilledBy(IReadOnlyList<Signal> signals, int status);
}
