using System.Text.RegularExpressions;

namespace GracefulExit.Tests.Harness;

/// <summary>Compares what happened with what is expected.</summary>
internal static class Expectation
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The first difference between exact lines; null if there is none. Later differences often follow from it.</summary>
    public static string? Lines(string what, IReadOnlyList<string> expected, IReadOnlyList<string> got)
    {
        for (int i = 0; i < Math.Max(expected.Count, got.Count); i++)
        {
            string? wanted = i < expected.Count ? expected[i] : null;
            string? found = i < got.Count ? got[i] : null;
            if (wanted != found)
            {
                return $"{what}, line {i + 1}: expected {Show(wanted)}, got {Show(found)}";
            }
        }

        return null;
    }

    /// <summary>The first regular expression that does not match after the match of the one before; null if all match.</summary>
    public static string? Patterns(string what, IReadOnlyList<string> patterns, string text)
    {
        int position = 0;
        foreach (string pattern in patterns)
        {
            var match = Parse(pattern).Match(text, position);
            if (!match.Success)
            {
                return position == 0
                    ? $"{what}: expected a match for /{pattern}/, got none"
                    : $"{what}: expected a match for /{pattern}/ behind the matches before it, got none";
            }

            position = match.Index + match.Length;
        }

        return null;
    }

    /// <summary>Expected and actual lines in one list: those only expected with a minus, those only found with a plus.</summary>
    public static IEnumerable<string> Difference(IReadOnlyList<string> expected, IReadOnlyList<string> got)
    {
        // Longest common subsequence; the lists are short.
        var longest = new int[expected.Count + 1, got.Count + 1];
        for (int i = expected.Count - 1; i >= 0; i--)
        {
            for (int j = got.Count - 1; j >= 0; j--)
            {
                longest[i, j] = expected[i] == got[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        int e = 0;
        int g = 0;
        while (e < expected.Count || g < got.Count)
        {
            if (e < expected.Count && g < got.Count && expected[e] == got[g])
            {
                yield return $"  {expected[e++]}";
                g++;
            }
            else if (g == got.Count || (e < expected.Count && longest[e + 1, g] >= longest[e, g + 1]))
            {
                yield return $"- {expected[e++]}";
            }
            else
            {
                yield return $"+ {got[g++]}";
            }
        }
    }

    /// <summary>A pattern as tests use it: <c>^</c> and <c>$</c> match at line breaks too.</summary>
    public static Regex Parse(string pattern) => new(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, PatternTimeout);

    private static string Show(string? line) => line is null ? "no such line" : $"'{line}'";
}
