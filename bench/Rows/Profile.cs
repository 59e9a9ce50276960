using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>What is done for the first time while someone waits: no result, but the reason of one.</summary>
internal static class Profile
{
    private static readonly string[] Kinds = ["signal", "first call", "import"];

    public static Findings Run(Workbench bench)
    {
        var findings = new Findings();
        foreach (string what in Kinds)
        {
            var lines = new List<string[]>();
            foreach (var shell in bench.Shells)
            {
                string profiler = Path.Combine(Path.GetDirectoryName(typeof(Profile).Assembly.Location)!, "GracefulExit.Bench.Profiler.dll");
                var subject = Workbench.Script(shell, shell.Name, "profile.ps1", "-Manifest", bench.Module.Manifest, "-Profiler", profiler, "-What", what);
                lines.AddRange(Tell(shell.Name, Measure(bench, subject, what)));
            }

            findings.Grids.Add(new Grid(
                $"Profile: {what}",
                "One process with a listener to the runtime's events, which makes everything slower: to be read as proportions. Times of compilation include those of methods compiled meanwhile.",
                ["shell", "what", "number", "ms", "the longest; when, in ms"],
                lines));
        }

        return findings;
    }

    private static List<Event> Measure(Workbench bench, Subject subject, string what)
    {
        using var process = bench.Start(subject);
        long sent = 0;
        if (what == "signal")
        {
            _ = Workbench.WaitUntilReady(subject, process);
            // The age is what is asked for; nothing tells of it but the clock.
            Thread.Sleep(bench.Options.Age);
            sent = DateTime.UtcNow.Ticks;
            _ = process.Signal("SIGTERM");
        }

        var events = Workbench.Finish(subject, process).Where(line => line != "ready").Select(Event.Parse).ToList();
        var window = events.Single(one => one.Kind == "window");
        events.RemoveAll(one => one.At < sent || one == window);
        events.Add(new Event("window", Math.Max(sent, window.At), (window.Microseconds - Math.Max(sent, window.At)) / 10, ""));
        return events;
    }

    private static IEnumerable<string[]> Tell(string shell, List<Event> events)
    {
        var window = events.Single(one => one.Kind == "window");
        yield return [shell, "all of it", "", Report.Show(window.Microseconds / 1000.0), ""];
        foreach (var group in events.Where(one => one.Kind == "compile").GroupBy(one => one.Whose).OrderByDescending(group => group.Sum(one => one.Microseconds)))
        {
            var longest = group.OrderByDescending(one => one.Microseconds).Take(5).Select(one => $"`{one.What}` {Report.Show(one.Microseconds / 1000.0)}");
            yield return [shell, $"compiled: {group.Key}", $"{group.Count()}", Report.Show(group.Sum(one => one.Microseconds) / 1000.0), string.Join(", ", longest)];
        }

        foreach (var group in events.Where(one => one.Kind is "throw" or "load").GroupBy(one => one.Kind))
        {
            // When it happened tells what took long in between.
            var moments = group.Select(one => $"`{one.What}` at {Report.Show((one.At - window.At) / 10_000.0)}");
            yield return [shell, group.Key == "throw" ? "exceptions" : "assemblies loaded", $"{group.Count()}", "", string.Join(", ", moments)];
        }
    }

    private sealed record Event(string Kind, long At, long Microseconds, string What)
    {
        /// <summary>Whose code it is, as far as its name tells.</summary>
        public string Whose => What switch
        {
            _ when What.StartsWith("GracefulExit.Bench.", StringComparison.Ordinal) => "the listener",
            _ when What.StartsWith("GracefulExit.", StringComparison.Ordinal) => "the module",
            _ when What.StartsWith("System.Management.Automation.", StringComparison.Ordinal) || What.StartsWith("Microsoft.PowerShell.", StringComparison.Ordinal) => "the engine",
            _ when What.StartsWith("dynamicClass.", StringComparison.Ordinal) => "made at run time",
            _ => ".NET",
        };

        public static Event Parse(string line)
        {
            string[] words = line.Split(' ', 4);
            return new Event(words[0], long.Parse(words[1]), long.Parse(words[2]), words[3]);
        }
    }
}
