namespace GracefulExit.Tests.Harness;

/// <summary>A child that can be signalled, talked to and waited for, each in bounded time.</summary>
internal interface IShellProcess : IChildProcess
{
    /// <inheritdoc cref="ShellProcess.Id"/>
    int Id { get; }

    /// <inheritdoc cref="ShellProcess.StartedAt"/>
    long StartedAt { get; }

    /// <inheritdoc cref="ShellProcess.EndedAt"/>
    long EndedAt { get; }

    /// <inheritdoc cref="ShellProcess.Status"/>
    ExitStatus? Status { get; }

    /// <inheritdoc cref="ShellProcess.Signal"/>
    bool Signal(string name);

    /// <inheritdoc cref="ShellProcess.SignalGroup"/>
    bool SignalGroup(string name);

    /// <inheritdoc cref="ShellProcess.CloseTerminal"/>
    void CloseTerminal();

    /// <inheritdoc cref="ShellProcess.FindProcesses"/>
    IReadOnlyList<ProcessEntry> FindProcesses();
}
