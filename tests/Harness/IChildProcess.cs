namespace GracefulExit.Tests.Harness;

/// <summary>A child that can be talked to and waited for, each in bounded time.</summary>
internal interface IChildProcess : IDisposable
{
    /// <inheritdoc cref="ShellProcess.Output"/>
    OutputLog Output { get; }

    /// <inheritdoc cref="ShellProcess.ErrorOutput"/>
    OutputLog ErrorOutput { get; }

    /// <inheritdoc cref="ShellProcess.WaitForExit"/>
    ExitStatus? WaitForExit(TimeSpan timeout);

    /// <inheritdoc cref="ShellProcess.Write"/>
    bool Write(string text);

    /// <inheritdoc cref="ShellProcess.CloseInput"/>
    void CloseInput();

    /// <inheritdoc cref="ShellProcess.CloseOutput"/>
    void CloseOutput();

    /// <inheritdoc cref="ShellProcess.Kill"/>
    bool Kill();
}
