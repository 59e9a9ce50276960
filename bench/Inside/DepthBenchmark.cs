using BenchmarkDotNet.Attributes;

namespace GracefulExit.Bench.Inside;

/// <summary>Scopes nested in one another, each in a function of its own.</summary>
public class DepthBenchmark : EngineBenchmark
{
    [Params(5, 10, 20, 40)]
    public int Depth { get; set; }

    [Benchmark(Description = "Use-ExitHandler")]
    public void Scope() => Run($"Enter-Scope {Depth}");

    [Benchmark(Description = "two Invoke-Command", Baseline = true)]
    public void Command() => Run($"Enter-Command {Depth}");
}
