using System.Collections;

namespace GracefulExit.Tests.Harness;

/// <summary>The environment of this process as a dictionary.</summary>
internal static class CurrentEnvironment
{
    public static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return variables;
    }
}
