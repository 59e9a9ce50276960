using BenchmarkDotNet.Attributes;

namespace GracefulExit.Bench.Inside;

/// <summary>One call, warm. The loop keeps the cost of starting a pipeline out of it.</summary>
public class CallBenchmark : EngineBenchmark
{
    private const int Calls = 100;

    [Benchmark(Description = "Use-ExitHandler", OperationsPerInvoke = Calls)]
    public void Scope() => Run("for ($i = 0; $i -lt 100; $i++) { $null = Use-ExitHandler { 1 } -OnExit { 2 } }");

    [Benchmark(Description = "two Invoke-Command", OperationsPerInvoke = Calls, Baseline = true)]
    public void TwoCommands() => Run("for ($i = 0; $i -lt 100; $i++) { $null = Invoke-Command { 1 }; $null = Invoke-Command { 2 } }");

    [Benchmark(Description = "try/finally", OperationsPerInvoke = Calls)]
    public void TryFinally() => Run("for ($i = 0; $i -lt 100; $i++) { $null = try { & { 1 } } finally { & { 2 } } }");
}
