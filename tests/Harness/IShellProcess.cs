namespace GracefulExit.Tests.Harness;

/// <summary>A child that can be signalled, talked to and waited for, each in bounded time.</summary>
internal interface IShellProcess : IDisposable
{
    /// <inheritdoc cref="ShellProcess.Id"/>
    int Id { get; }

    /// <inheritdoc cref="ShellProcess.StartedAt"/>
    long StartedAt { get; }

    /// <inheritdoc cref="ShellProcess.EndedAt"/>
    long EndedAt { get; }

    /// <inheritdoc cref="ShellProcess.Output"/>
    OutputLog Output { get; }

    /// <inheritdoc cref="ShellProcess.ErrorOutput"/>
    OutputLog ErrorOutput { get; }

    /// <inheritdoc cref="ShellProcess.Status"/>
    ExitStatus? Status { get; }

    /// <inheritdoc cref="ShellProcess.WaitForExit"/>
    ExitStatus? WaitForExit(TimeSpan timeout);

    /// <inheritdoc cref="ShellProcess.Signal"/>
    bool Signal(string name);

    /// <inheritdoc cref="ShellProcess.SignalGroup"/>
    bool SignalGroup(string name);

    /// <inheritdoc cref="ShellProcess.Write"/>
    bool Write(string text);

    /// <inheritdoc cref="ShellProcess.CloseInput"/>
    void CloseInput();

    /// <inheritdoc cref="ShellProcess.CloseOutput"/>
    void CloseOutput();

    /// <inheritdoc cref="ShellProcess.CloseTerminal"/>
    void CloseTerminal();

    /// <inheritdoc cref="ShellProcess.FindProcesses"/>
    IReadOnlyList<ProcessEntry> FindProcesses();

    /// <inheritdoc cref="ShellProcess.Kill"/>
    bool Kill();
}
