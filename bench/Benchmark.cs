using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;
using GracefulExit.Bench.Rows;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Bench;

/// <summary>One run of the whole, or of the rows that were asked for.</summary>
internal sealed class Benchmark(Options options)
{
    /// <summary>Everything that can be measured, in the order of the report.</summary>
    public static IReadOnlyList<(string Key, Func<Workbench, Findings> Run)> All { get; } =
    [
        ("latency", SignalLatency.Run),
        ("warm", WarmCall.Run),
        ("first", FirstCall.Run),
        ("import", Import.Run),
        ("stream", Streaming.Run),
        ("leaks", Leaks.Run),
        ("scopes", ManyScopes.Run),
        ("cpu", ProcessorTime.Run),
        ("guard", GuardCost.Run),
        ("growth", Growth.Run),
        ("inside", InsideProcess.Run),
        ("profile", Profile.Run),
    ];

    /// <summary>The rows whose results are looked at: all but those that only tell the reason of another's.</summary>
    public static IReadOnlyList<string> Results { get; } = [.. All.Select(static row => row.Key).Except(["inside", "profile"])];

    public int Run()
    {
        var module = MeasuredModule.In(Environment.GetEnvironmentVariable("GRACEFULEXIT_MODULE") is { Length: > 0 } given ? Path.GetFullPath(given) : Build.Package());
        var old = options.Old is null ? null : MeasuredModule.In(options.Old);
        ShellUnderTest[] shells = [ShellUnderTest.At(options.Shell)];
        Console.WriteLine($"module: {module.Assembly}: {module.Description}");
        string measured = old is null ? module.Description : $"{module.Description}; old build: {old.Description}";
        Console.WriteLine($"shells: {string.Join(", ", shells.Select(shell => $"{shell.Name} ({shell.Path})"))}");

        var machine = Machine.Describe(shells);
        double load = ReadLoad();
        using var bench = new Workbench(options, module, old, shells);
        var findings = new Findings();
        var failures = new List<string>();
        foreach (var (key, run) in All.Where(row => options.Rows.Contains(row.Key)))
        {
            Console.WriteLine($"{DateTime.Now:HH:mm:ss} {key}");
            try
            {
                var found = run(bench);
                Console.WriteLine(new Report(key, DateTimeOffset.Now, machine, measured, load, found).ToMarkdown());
                findings.Add(found);
            }
            catch (InvalidOperationException e)
            {
                // The other rows may still be of use.
                failures.Add(key);
                Console.Error.WriteLine($"{key} failed: {e.Message}");
            }
        }

        var report = new Report(CommandLine(), DateTimeOffset.Now, machine, measured, load, findings);
        Save(report);
        if (failures.Count > 0)
        {
            Console.Error.WriteLine($"failed: {string.Join(", ", failures)}");
        }
        else if (options.IsComplete)
        {
            Document.Update(Path.Combine("docs", "performance.md"), report.ToSummary(), report.ToPictures());
        }

        return failures.Count > 0 ? 1 : 0;
    }

    private static void Save(Report report)
    {
        Directory.CreateDirectory(Build.Output);
        string markdown = Path.Combine(Build.Output, "results.md");
        File.WriteAllText(markdown, report.ToMarkdown());
        File.WriteAllText(Path.ChangeExtension(markdown, "json"), report.ToJson());
        foreach (var (name, picture) in report.ToPictures())
        {
            File.WriteAllText(Path.Combine(Build.Output, name), picture);
        }

        Console.WriteLine($"{markdown}, .json and a picture for each table");
    }

    private static double ReadLoad() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]) : double.NaN;

    private static string CommandLine()
    {
        string[] arguments = Environment.GetCommandLineArgs()[1..];
        return string.Join(' ', arguments.Length == 0 ? ["dotnet run --project bench"] : ["dotnet run --project bench --", .. arguments]);
    }
}
