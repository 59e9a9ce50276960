using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>What the engine sees of this shell: <c>$Host</c>.</summary>
internal sealed class ShellHost(ShellSession session, ConsoleUserInterface ui) : PSHost, IHostSupportsInteractiveSession
{
    /// <inheritdoc/>
    public override string Name => "EngineHost";

    /// <inheritdoc/>
    public override Version Version { get; } = PSVersionInfo.PSVersion;

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override PSHostUserInterface UI => ui;

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override PSObject PrivateData { get; } = PSObject.AsPSObject(new ConsoleColors());

    /// <inheritdoc/>
    public bool IsRunspacePushed => false;

    /// <inheritdoc/>
    public Runspace Runspace => session.Runspace;

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => session.SetShouldExit(exitCode);

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => session.EnterNestedPrompt();

    /// <inheritdoc/>
    public override void ExitNestedPrompt() => session.ExitNestedPrompt();

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }

    /// <inheritdoc/>
    public void PushRunspace(Runspace runspace) => throw new NotSupportedException("This shell has no remote sessions.");

    /// <inheritdoc/>
    public void PopRunspace()
    {
    }
}
