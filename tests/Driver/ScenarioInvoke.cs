namespace GracefulExit.Tests.Driver;

/// <summary>How a shell is given a scenario's script.</summary>
public enum ScenarioInvoke
{
    /// <summary><c>-File script arguments</c>.</summary>
    File,

    /// <summary><c>-Command "&amp; 'script' 'arguments'"</c>.</summary>
    Command,

    /// <summary>Not at all: the steps type at the prompt of an interactive shell.</summary>
    Prompt,
}
