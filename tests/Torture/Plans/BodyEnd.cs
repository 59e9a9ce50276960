namespace GracefulExit.Tests.Torture.Plans;

/// <summary>How a body ends if nobody ends it.</summary>
internal enum BodyEnd
{
    /// <summary>Not at all.</summary>
    Never,

    /// <summary>The caller goes on.</summary>
    Returns,

    /// <summary>With a terminating error that nobody catches.</summary>
    Throws,

    /// <summary>With <c>exit $code</c>.</summary>
    Exits,

    /// <summary>With <c>[Environment]::Exit($code)</c>.</summary>
    ExitsProcess,

    /// <summary>With an unhandled exception on another thread.</summary>
    Crashes,
}
