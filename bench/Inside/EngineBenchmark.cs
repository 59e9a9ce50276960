using BenchmarkDotNet.Attributes;

namespace GracefulExit.Bench.Inside;

/// <summary>What the benchmarks share. (BenchmarkDotNet wants public classes that can be derived from.)</summary>
public abstract class EngineBenchmark
{
    private EngineSession? _session;

    [GlobalSetup]
    public void Open() => _session = new EngineSession();

    [GlobalCleanup]
    public void Close() => _session!.Dispose();

    private protected void Run(string script) => _session!.Run(script);
}
