using BenchmarkDotNet.Attributes;

namespace GracefulExit.Bench.Inside;

/// <summary>Integers out of a body, taken by a command.</summary>
public class StreamBenchmark : EngineBenchmark
{
    [Params(10_000, 100_000, 1_000_000)]
    public int Objects { get; set; }

    [Benchmark(Description = "Use-ExitHandler")]
    public void Scope() => Run($"Use-ExitHandler {{ 1..{Objects} }} -OnExit {{ }} | Out-Null");

    [Benchmark(Description = "Invoke-Command", Baseline = true)]
    public void Command() => Run($"Invoke-Command {{ 1..{Objects} }} | Out-Null");

    [Benchmark(Description = ". { }")]
    public void Dot() => Run($". {{ 1..{Objects} }} | Out-Null");
}
