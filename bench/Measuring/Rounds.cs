namespace GracefulExit.Bench.Measuring;

/// <summary>Runs subjects in turn, so that whatever else the machine does hits all of them alike.</summary>
internal static class Rounds
{
    /// <summary>A round that does not count, then those that do.</summary>
    /// <param name="subjects">What is measured.</param>
    /// <param name="count">How many rounds count.</param>
    /// <param name="measure">One run of a subject: its results, by name.</param>
    /// <param name="warmsUp">Whether there is a round that does not count; what warms up by itself needs none.</param>
    public static Dictionary<string, List<double>> Run(
        IReadOnlyList<Subject> subjects, int count, Func<Subject, IEnumerable<(string Name, double Value)>> measure, bool warmsUp = true)
    {
        var results = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (int round = warmsUp ? 0 : 1; round <= count; round++)
        {
            for (int i = 0; i < subjects.Count; i++)
            {
                // Begun elsewhere each time: nobody is always behind the same neighbour.
                foreach (var (name, value) in measure(subjects[(i + round) % subjects.Count]))
                {
                    if (round > 0)
                    {
                        (results.TryGetValue(name, out var values) ? values : results[name] = []).Add(value);
                    }
                }
            }

            Progress($"round {round} of {count}");
        }

        Progress("");
        return results;
    }

    private static void Progress(string text)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\r  {text,-30}\r");
        }
    }
}
