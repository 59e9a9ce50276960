using System.Text.RegularExpressions;

namespace GracefulExit.Tests.Driver;

/// <summary>Compares what happened with what a scenario expects.</summary>
internal static class Expectation
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Exact lines.</summary>
    public static IEnumerable<string> Lines(string what, IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            string? wanted = i < expected.Count ? expected[i] : null;
            string? found = i < actual.Count ? actual[i] : null;
            if (wanted != found)
            {
                // The first difference says enough; what follows is shifted.
                yield return $"{what}: line {i + 1}: expected {Show(wanted)}, was {Show(found)}";
                yield break;
            }
        }
    }

    /// <summary>Regular expressions, each matching behind the match of the one before.</summary>
    public static IEnumerable<string> Patterns(string what, IReadOnlyList<string> patterns, string text)
    {
        int position = 0;
        foreach (string pattern in patterns)
        {
            var match = new Regex(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, PatternTimeout).Match(text, position);
            if (!match.Success)
            {
                yield return position == 0
                    ? $"{what}: no match for /{pattern}/"
                    : $"{what}: no match for /{pattern}/ behind what the patterns before it matched";
                yield break;
            }

            position = match.Index + match.Length;
        }
    }

    private static string Show(string? line) => line is null ? "no such line" : $"\"{line}\"";
}
