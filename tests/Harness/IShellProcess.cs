namespace GracefulExit.Tests.Harness;

/// <summary>A child that can be signalled, talked to and waited for, each in bounded time.</summary>
internal interface IShellProcess : IDisposable
{
    /// <inheritdoc cref="ShellProcess.Id"/>
    public int Id { get; }

    /// <inheritdoc cref="ShellProcess.StartedAt"/>
    public long StartedAt { get; }

    /// <inheritdoc cref="ShellProcess.EndedAt"/>
    public long EndedAt { get; }

    /// <inheritdoc cref="ShellProcess.Output"/>
    public OutputLog Output { get; }

    /// <inheritdoc cref="ShellProcess.ErrorOutput"/>
    public OutputLog ErrorOutput { get; }

    /// <inheritdoc cref="ShellProcess.Status"/>
    public ExitStatus? Status { get; }

    /// <inheritdoc cref="ShellProcess.WaitForExit"/>
    public ExitStatus? WaitForExit(TimeSpan timeout);

    /// <inheritdoc cref="ShellProcess.Signal"/>
    public bool Signal(string name);

    /// <inheritdoc cref="ShellProcess.SignalGroup"/>
    public bool SignalGroup(string name);

    /// <inheritdoc cref="ShellProcess.Write"/>
    public bool Write(string text);

    /// <inheritdoc cref="ShellProcess.CloseInput"/>
    public void CloseInput();

    /// <inheritdoc cref="ShellProcess.CloseOutput"/>
    public void CloseOutput();

    /// <inheritdoc cref="ShellProcess.CloseTerminal"/>
    public void CloseTerminal();

    /// <inheritdoc cref="ShellProcess.FindProcesses"/>
    public IReadOnlyList<ProcessEntry> FindProcesses();

    /// <inheritdoc cref="ShellProcess.Kill"/>
    public bool Kill();
}
