using GracefulExit.Tests.Torture.Runs;

namespace GracefulExit.Tests.Torture;

/// <summary>The counts of a campaign. Any thread.</summary>
internal sealed class Tally
{
    private readonly object _gate = new();
    private readonly int[] _problems = new int[Enum.GetValues<Problem>().Length];
    private readonly int[] _phases = new int[Enum.GetValues<Phase>().Length];
    private readonly List<int> _failures = [];
    private int _runs;
    private int _begun;

    public int Runs
    {
        get
        {
            lock (_gate)
            {
                return _runs;
            }
        }
    }

    public bool HasFailures
    {
        get
        {
            lock (_gate)
            {
                return _failures.Count > 0;
            }
        }
    }

    public void Add(RunRecord run, IReadOnlyList<(Problem Problem, string Text)> problems)
    {
        lock (_gate)
        {
            _runs++;
            _begun += run.HasBegun ? 1 : 0;
            foreach (var phase in run.Sent.Select(run.PhaseOf).Distinct())
            {
                _phases[(int)phase]++;
            }

            // A run counts once for each kind of problem.
            foreach (var problem in problems.Select(problem => problem.Problem).Distinct())
            {
                _problems[(int)problem]++;
            }

            if (problems.Count > 0)
            {
                _failures.Add(run.Plan.Seed);
            }
        }
    }

    public string Phases()
    {
        lock (_gate)
        {
            return $"runs with a signal before the first body: {_phases[(int)Phase.Before]}, in a body: {_phases[(int)Phase.Body]}, "
                + $"in an exit block: {_phases[(int)Phase.ExitBlock]}, after: {_phases[(int)Phase.After]}";
        }
    }

    public string Failures()
    {
        lock (_gate)
        {
            return string.Join(' ', _failures);
        }
    }

    public string Problems()
    {
        lock (_gate)
        {
            int Of(Problem problem) => _problems[(int)problem];
            return $"{Of(Problem.Lost)} lost, {Of(Problem.Double)} double, {Of(Problem.CutShort)} cut short, {Of(Problem.WrongOrder)} wrong order, "
                + $"{Of(Problem.Hang)} hangs, {Of(Problem.Crash)} crashes, {Of(Problem.Leftover)} leftovers, {Of(Problem.BadStatus)} bad statuses; "
                + $"{_begun} bodies began";
        }
    }
}
