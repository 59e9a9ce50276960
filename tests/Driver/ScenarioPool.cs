using System.Collections.Concurrent;

namespace GracefulExit.Tests.Driver;

/// <summary>Runs several scenarios side by side: most of their time, shells under test wait.</summary>
/// <remarks>Say with <see cref="Plan"/> what will be asked for, then ask with <see cref="Result"/>, in that order.</remarks>
public sealed class ScenarioPool
{
    private readonly ConcurrentDictionary<(string Scenario, string Shell), Lazy<ScenarioResult>> _runs = new();
    private readonly ConcurrentQueue<Lazy<ScenarioResult>> _planned = new();
    private int _workers;

    /// <param name="degree">How many run at once; 0: as <c>GRACEFULEXIT_PARALLEL</c> says, or one more than there are processors.</param>
    public ScenarioPool(int degree = 0)
    {
        Degree = degree > 0 ? degree
            : int.TryParse(Environment.GetEnvironmentVariable("GRACEFULEXIT_PARALLEL"), out int wanted) && wanted > 0 ? wanted
            : Math.Clamp(Environment.ProcessorCount + 1, 2, 8);
    }

    /// <summary>How many run at once.</summary>
    public int Degree { get; }

    /// <summary>Starts to run a scenario as soon as its turn comes.</summary>
    public void Plan(Scenario scenario, ShellUnderTest shell)
    {
        _planned.Enqueue(Find(scenario, shell));
        if (Interlocked.Increment(ref _workers) <= Degree)
        {
            new Thread(Work) { IsBackground = true, Name = "scenarios" }.Start();
        }
        else
        {
            Interlocked.Decrement(ref _workers);
        }
    }

    /// <summary>What came of a scenario; runs it on this thread if it has not been started yet.</summary>
    public ScenarioResult Result(Scenario scenario, ShellUnderTest shell) => Find(scenario, shell).Value;

    private Lazy<ScenarioResult> Find(Scenario scenario, ShellUnderTest shell)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(shell);
        return _runs.GetOrAdd((scenario.Name, shell.Name), _ => new Lazy<ScenarioResult>(() => Run(scenario, shell)));
    }

    /// <summary>
    /// Signals and a machine with other things to do: what fails is run once more, and both the failure and its going are
    /// told. What fails twice has failed. <c>GRACEFULEXIT_RETRY=0</c> leaves the second run out.
    /// </summary>
    private static ScenarioResult Run(Scenario scenario, ShellUnderTest shell)
    {
        ScenarioResult first = ScenarioRunner.Run(scenario, shell);
        if (first.Outcome != ScenarioOutcome.Failed || Environment.GetEnvironmentVariable("GRACEFULEXIT_RETRY") == "0")
        {
            return first;
        }

        ScenarioResult second = ScenarioRunner.Run(scenario, shell);
        if (second.Outcome == ScenarioOutcome.Passed)
        {
            Console.WriteLine($"RETRIED: {scenario.Name} [{shell.Name}] passed only when run again. At first:{Environment.NewLine}{first.Message}");
        }

        return second;
    }

    private void Work()
    {
        while (_planned.TryDequeue(out var run))
        {
            try
            {
                _ = run.Value;
            }
            catch (Exception)
            {
                // Kept by the Lazy for whoever asks for the result.
            }
        }

        Interlocked.Decrement(ref _workers);
    }
}
