namespace GracefulExit;

/// <summary>What <c>Get-ExitHandler</c> lists.</summary>
public enum ExitHandlerKind
{
    /// <summary>A running <c>Use-ExitHandler</c>.</summary>
    Scope,

    /// <summary>What <c>Register-ExitHandler</c> has registered for the rest of the session.</summary>
    Registered,
}
