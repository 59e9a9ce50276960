namespace GracefulExit.Tests.Torture.Plans;

/// <summary>How the scopes of a run are arranged.</summary>
internal enum Shape
{
    /// <summary>One.</summary>
    Single,

    /// <summary>Two or three, one within the other's body.</summary>
    Nested,

    /// <summary>One in each of several runspaces, and perhaps one around the wait for them.</summary>
    Runspaces,

    /// <summary>Many short ones, one after another.</summary>
    Series,
}
