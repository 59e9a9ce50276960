namespace GracefulExit.Native;

/// <summary>The result of sending a signal to another process.</summary>
internal enum SendOutcome
{
    /// <summary>It was sent.</summary>
    Sent,

    /// <summary>There is no such process.</summary>
    NoSuchProcess,

    /// <summary>The process belongs to another user.</summary>
    NotPermitted,

    /// <summary>This system has no way to send this signal to another process.</summary>
    NotSendable,

    /// <summary>It can be sent only within one console, and the process is in another one or in none.</summary>
    OtherConsole,

    /// <summary>The system refused it; see the error number.</summary>
    Failed,
}

/// <summary>Sends signals to other processes (row G6). There is one class for each system.</summary>
internal interface ISignalSender
{
    /// <summary>Gets the implementation for this system.</summary>
    static ISignalSender Current { get; } = OperatingSystem.IsWindows() ? new ConsoleEventSender() : new KillSender();

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="processId">The process.</param>
    /// <param name="error">The system's error number, if it failed.</param>
    SendOutcome Send(Signal signal, int processId, out int error);
}
