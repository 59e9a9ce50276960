using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using GracefulExit.Bench.Inside;
using GracefulExit.Bench.Measuring;
using GracefulExit.Bench.Reporting;

namespace GracefulExit.Bench.Rows;

/// <summary>What BenchmarkDotNet says of calls in a process that hosts the engine.</summary>
internal static class InsideProcess
{
    private static readonly (Type Type, string Title)[] Kinds =
        [(typeof(CallBenchmark), "one call, warm"), (typeof(StreamBenchmark), "objects out of one body, into `Out-Null`"), (typeof(DepthBenchmark), "nested scopes, entered and left")];

    public static Findings Run(Workbench bench)
    {
        EngineSession.Manifest = bench.Module.Manifest;
        string artifacts = Path.Combine(Build.Output, "BenchmarkDotNet");
        Directory.CreateDirectory(artifacts);
        using var log = new StreamLogger(Path.Combine(artifacts, "log.txt"));

        // In this process: a process of its own for each benchmark would have to be generated and built for each, and
        // what a fresh process costs is measured by the other rows.
        var job = Job.Default.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(10), logOutput: true)).WithStrategy(RunStrategy.Throughput);
        job = bench.Options.IsQuick ? job.WithWarmupCount(3).WithIterationCount(3) : job.WithMaxWarmupCount(30).WithMaxIterationCount(30);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(log)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(JsonExporter.Full)
            .WithOptions(ConfigOptions.DisableLogFile)
            .WithArtifactsPath(artifacts);

        var findings = new Findings();
        foreach (var (type, title) in Kinds)
        {
            var summary = BenchmarkRunner.Run(type, config);
            if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
            {
                throw new InvalidOperationException($"BenchmarkDotNet failed in {type.Name}; see {artifacts}.");
            }

            findings.Grids.Add(new Grid(
                $"BenchmarkDotNet: {title}",
                "The engine hosted in one process, compiled just in time.",
                ["", "amount", "median", "standard deviation", "p95", "ratio", "allocated, KiB"],
                [.. summary.Reports.Select(report => Line(report, summary))]));
        }

        return findings;
    }

    private static string[] Line(BenchmarkReport report, Summary summary)
    {
        var statistics = report.ResultStatistics!;
        var baseline = summary.Reports.Single(other =>
            summary.IsBaseline(other.BenchmarkCase) && other.BenchmarkCase.Parameters.ValueInfo == report.BenchmarkCase.Parameters.ValueInfo);
        return
        [
            report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            string.Join(", ", report.BenchmarkCase.Parameters.Items.Select(item => $"{item.Value:#,0}")),
            Time(statistics.Median),
            Time(statistics.StandardDeviation),
            Time(statistics.Percentiles.P95),
            $"{statistics.Median / baseline.ResultStatistics!.Median:0.00}",
            Report.Show((report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0) / 1024.0),
        ];
    }

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        >= 1e6 => $"{Report.Show(nanoseconds / 1e6)} ms",
        _ => $"{Report.Show(nanoseconds / 1e3)} µs",
    };
}
