using System.Collections;

namespace GracefulExit.Tests.Harness;

/// <summary>The environment of this process as a dictionary.</summary>
internal static class CurrentEnvironment
{
    /// <summary>How the names of variables are compared on this system.</summary>
    public static StringComparer Names { get; } = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(Names);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return variables;
    }
}
