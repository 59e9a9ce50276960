namespace GracefulExit.Native;

/// <summary>What became of a signal to another process.</summary>
internal enum SendOutcome
{
    /// <summary>It is on its way.</summary>
    Sent,

    /// <summary>There is no such process.</summary>
    NoSuchProcess,

    /// <summary>It is another user's.</summary>
    NotPermitted,

    /// <summary>This system has no way to send this signal to another process.</summary>
    NotSendable,

    /// <summary>It could be sent to a process of the same console, and this one is in another or in none.</summary>
    OtherConsole,

    /// <summary>The system refuses it, see the error number.</summary>
    Failed,
}

/// <summary>Sends signals to other processes (row G6). One class for each system.</summary>
internal interface ISignalSender
{
    /// <summary>Gets the one of this system.</summary>
    static ISignalSender Current { get; } = OperatingSystem.IsWindows() ? new ConsoleEventSender() : new KillSender();

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="processId">The process.</param>
    /// <param name="error">The system's error number, where it has failed.</param>
    SendOutcome Send(Signal signal, int processId, out int error);
}
