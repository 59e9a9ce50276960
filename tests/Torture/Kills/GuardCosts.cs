using System.Diagnostics;
using System.Globalization;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture.Kills;

/// <summary>Measures what a guard costs, and how fast it is: the figures of docs/guard.md.</summary>
/// <remarks>One process after another, so that they do not disturb one another; each is killed once its guard is up.</remarks>
internal sealed class GuardCosts(Options options)
{
    private const int DefaultRuns = 20;
    private const int FurtherScopes = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, List<double>> _figures = [];

    /// <summary>Measures.</summary>
    /// <returns>The exit status.</returns>
    public int Run()
    {
        // The first start fills the caches.
        Measure(isGuarded: true);
        _figures.Clear();
        int runs = options.Runs ?? DefaultRuns;
        for (int i = 0; i < runs; i++)
        {
            Measure(isGuarded: false);
            Measure(isGuarded: true);
        }

        Console.WriteLine($"{runs} guards ({options.Shell.Name}), load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} on {Environment.ProcessorCount} processors: median, minimum to maximum");
        foreach (var (figure, values) in _figures)
        {
            values.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {figure,-60} {values[values.Count / 2],8:0.0} {values[0],8:0.0} to {values[^1]:0.0}"));
        }

        return 0;
    }

    private static string Script(bool isGuarded) => $$"""
        Import-Module $env:GRACEFULEXIT_MODULE
        $directory = [System.IO.Directory]::CreateDirectory("$env:TEST_TEMP/made").FullName
        $times = foreach ($i in 0..{{FurtherScopes}}) {
            $start = [System.Diagnostics.Stopwatch]::GetTimestamp()
            Use-ExitHandler {{(isGuarded ? "-Guard" : "")}} {
                [System.Diagnostics.Stopwatch]::GetElapsedTime($start).TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
            } -OnExit { $null = $directory }
        }
        [System.Console]::Out.WriteLine("times $($times -join ' ')")
        Use-ExitHandler {{(isGuarded ? "-Guard" : "")}} {
            [System.Console]::Out.WriteLine('ready')
            Start-Sleep -Seconds 1000
        } -OnExit {
            [System.Console]::Out.WriteLine("begins $([System.Diagnostics.Stopwatch]::GetTimestamp())")
            Remove-Item -LiteralPath $directory -Recurse
            [System.Console]::Out.WriteLine("removed $([System.Diagnostics.Stopwatch]::GetTimestamp())")
        }
        """;

    private void Measure(bool isGuarded)
    {
        using var temp = new RunDirectory();
        string script = Path.Combine(temp.Path, "main.ps1");
        File.WriteAllText(script, Script(isGuarded));
        using var process = ShellProcess.Start(new ShellStart
        {
            FileName = options.Shell.Path,
            Arguments = ["-NoProfile", "-NonInteractive", "-File", script],
            Environment = ChildEnvironment.Create(Guid.NewGuid().ToString("N"), temp.Path, RunDirectory.Cache, terminal: false),
            WorkingDirectory = temp.Path,
        });
        var ready = process.WaitForLine("ready", Limit) ?? throw Broken(process);
        double[] times = Numbers(process, "times");
        string kind = isGuarded ? "with" : "without";
        Add($"first scope {kind} a guard, until its body begins, ms", times[0]);
        foreach (double time in times.Skip(1))
        {
            Add($"further scope {kind} a guard, until its body begins, ms", time);
        }

        if (!isGuarded)
        {
            return;
        }

        var guard = GuardWatch.Find(process) ?? throw Broken(process);
        long up = GuardWatch.WaitUntil(() => guard.IsUp, Limit) ?? throw Broken(process);
        Add("body begun until the guard is up, ms", Stopwatch.GetElapsedTime(ready.Timestamp, up).TotalMilliseconds);
        Add("processor time of the guard until then, ms", guard.ProcessorTime.TotalMilliseconds);
        var memory = guard.Memory();
        Add("memory of the guard, proportional (PSS), MB", memory.Proportional / 1e6);
        Add("memory of the guard, private, MB", memory.Private / 1e6);

        long killed = Stopwatch.GetTimestamp();
        _ = process.Signal("SIGKILL");
        _ = process.Output.WaitForEnd(Limit);
        Add("death until the exit block begins, ms", Stopwatch.GetElapsedTime(killed, (long)Numbers(process, "begins")[0]).TotalMilliseconds);
        Add("death until its first cmdlet, Remove-Item, has run, ms", Stopwatch.GetElapsedTime(killed, (long)Numbers(process, "removed")[0]).TotalMilliseconds);
    }

    private static double[] Numbers(ShellProcess process, string line) =>
        process.Output.Text.Split('\n').FirstOrDefault(text => text.StartsWith($"{line} ", StringComparison.Ordinal)) is { } found
            ? [.. found.Split(' ').Skip(1).Select(number => double.Parse(number, CultureInfo.InvariantCulture))]
            : throw Broken(process);

    private static InvalidOperationException Broken(ShellProcess process) =>
        new($"The script did not run as it should:{Environment.NewLine}{process.Output.Text}{process.ErrorOutput.Text}");

    private void Add(string figure, double value)
    {
        if (!_figures.TryGetValue(figure, out var values))
        {
            _figures[figure] = values = [];
        }

        values.Add(value);
    }
}
