using System.Globalization;
using System.Management.Automation.Host;
using GracefulExit.Native;

namespace GracefulExit.Engine;

/// <summary>
/// A host that writes to the process's own standard output and error, for exit blocks that run outside the caller's thread: the
/// stuck thread may hold the shell's host, in Read-Host for instance.
/// </summary>
/// <remarks>Threads: any. Output that nobody reads is dropped after a moment; see <see cref="BoundedWriter"/>.</remarks>
internal sealed class ProcessHost : PSHost
{
    private readonly ProcessUserInterface _ui = new();

    /// <summary>From now on output is dropped, and a waiting write returns.</summary>
    public void Refuse() => _ui.Refuse();

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "GracefulExit";

    public override Version Version { get; } = new(1, 0);

    public override PSHostUserInterface UI => _ui;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
        // In an exit block outside the caller's thread, exit ends only that block.
    }

    private sealed class ProcessUserInterface : PSHostUserInterface
    {
        private readonly BoundedWriter _output = BoundedWriter.ForDescriptor(1);
        private readonly BoundedWriter _error = BoundedWriter.ForDescriptor(2);

        public void Refuse()
        {
            _output.Refuse();
            _error.Refuse();
        }

        public override PSHostRawUserInterface? RawUI => null;

        public override void Write(string value) => _output.Write(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => _output.Write(value);

        public override void WriteLine(string value) => _output.WriteLine(value);

        public override void WriteErrorLine(string value) => _error.WriteLine(value);

        public override void WriteWarningLine(string message) => _output.WriteLine("WARNING: " + message);

        public override void WriteVerboseLine(string message) => _output.WriteLine("VERBOSE: " + message);

        public override void WriteDebugLine(string message) => _output.WriteLine("DEBUG: " + message);

        public override void WriteProgress(long sourceId, System.Management.Automation.ProgressRecord record)
        {
        }

        public override string ReadLine() => throw new NotSupportedException(Messages.NoPrompt);

        public override System.Security.SecureString ReadLineAsSecureString() => throw new NotSupportedException(Messages.NoPrompt);

        public override Dictionary<string, System.Management.Automation.PSObject> Prompt(
            string caption, string message, System.Collections.ObjectModel.Collection<FieldDescription> descriptions) =>
            throw new NotSupportedException(Messages.NoPrompt);

        public override System.Management.Automation.PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName) => throw new NotSupportedException(Messages.NoPrompt);

        public override System.Management.Automation.PSCredential PromptForCredential(
            string caption,
            string message,
            string userName,
            string targetName,
            System.Management.Automation.PSCredentialTypes allowedCredentialTypes,
            System.Management.Automation.PSCredentialUIOptions options) => throw new NotSupportedException(Messages.NoPrompt);

        public override int PromptForChoice(
            string caption,
            string message,
            System.Collections.ObjectModel.Collection<ChoiceDescription> choices,
            int defaultChoice) => throw new NotSupportedException(Messages.NoPrompt);
    }
}
