using System.Globalization;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture.Kills;

/// <summary>Judges a run of the kill campaign by rows E1 and E2.</summary>
internal sealed class KillOracle
{
    private const string Killed = "Killed";
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(1);

    private readonly KillRecord _run;
    private readonly List<(KillProblem Problem, string Text)> _problems = [];

    private KillOracle(KillRecord run) => _run = run;

    /// <summary>What is wrong with a run.</summary>
    public static IReadOnlyList<(KillProblem Problem, string Text)> Judge(KillRecord run)
    {
        var oracle = new KillOracle(run);
        for (int scope = 1; scope <= run.Plan.Scopes.Count; scope++)
        {
            oracle.JudgeScope(scope);
        }

        oracle.JudgeOrder();
        oracle.JudgeEnd();
        return oracle._problems;
    }

    private void JudgeScope(int scope)
    {
        int count = _run.Plan.Scopes[scope - 1].Count;
        var blocks = Enumerable.Range(1, count).Select(block => (Id: $"{scope}.{block}", Begun: Find($"X{scope}.{block}"), Ended: Find($"Y{scope}.{block}"))).ToList();

        // The guard may already have a scope whose body had not begun. Then it runs all of its exit blocks.
        bool isDue = Find($"B{scope}").Count > 0 || blocks.Exists(block => block.Begun.Count > 0);
        for (int i = 0; i < count && isDue; i++)
        {
            var (id, begun, ended) = blocks[i];
            if (begun.Count > 1 || ended.Count > 1)
            {
                Add(KillProblem.Double, $"exit block {id} began {begun.Count} times and ended {ended.Count} times");
            }

            // The owner sends the begin message before a block's first statement. A kill between the two is reported.
            bool isTold = _run.ErrorOutput.Contains(
                string.Create(CultureInfo.InvariantCulture, $"killed while it ran exit block {i + 1} of {count}."), StringComparison.Ordinal);
            bool isNextOfOwner = blocks.Take(i).All(block => block.Ended.Exists(mark => mark.Reason != Killed));
            if (begun.Count == 0 && !(isTold && isNextOfOwner && _run.KilledAt > 0))
            {
                Add(KillProblem.Lost, $"scope {scope} began, its exit block {i + 1} did not");
            }

            if (begun.Count == 1 && ended.Count == 0)
            {
                if (begun[0].Reason == Killed)
                {
                    Add(KillProblem.CutShort, $"the guard began exit block {id} and did not end it");
                }
                else if (!isTold)
                {
                    Add(KillProblem.NotTold, $"exit block {id} was cut by the kill, which nobody has told");
                }
            }

            foreach (var mark in begun.Concat(ended).Where(mark => mark.Reason is not (Killed or "Completed")))
            {
                Add(KillProblem.WrongReason, $"exit block {id} was told {mark.Reason}");
            }
        }
    }

    private void JudgeOrder()
    {
        var begun = _run.Marks.Where(mark => mark.What[0] == 'X').ToList();
        var inOrder = begun.OrderByDescending(mark => Scope(mark.What)).ThenBy(mark => mark.What, StringComparer.Ordinal);
        if (!begun.Select(mark => mark.What).SequenceEqual(inOrder.Select(mark => mark.What)))
        {
            Add(KillProblem.WrongOrder, string.Join(' ', begun.Select(mark => mark.What)));
        }

        // The guard runs nothing while its owner lives.
        foreach (var mark in begun.Where(mark => mark.Reason == Killed && (_run.KilledAt == 0 || mark.Timestamp < _run.KilledAt)))
        {
            Add(KillProblem.WrongReason, $"exit block {mark.What[1..]} was told {mark.Reason} while the owner lived");
        }
    }

    private void JudgeEnd()
    {
        var expected = _run.KilledAt > 0 ? ExitStatus.Killed("SIGKILL") : ExitStatus.Exited(KillPlan.CallerStatus);

        // A process that has just ended is a zombie, to which a signal can still be sent.
        if (_run.Status != expected && !(_run.KilledAt > 0 && _run.Status == ExitStatus.Exited(KillPlan.CallerStatus)))
        {
            Add(KillProblem.Broken, $"status {_run.Status?.ToString() ?? "none: it did not end"}, not {expected}");
        }

        if (_run.Plan.Moment != KillMoment.Start && _run.ReadyAt == 0)
        {
            Add(KillProblem.Broken, "the body did not begin");
        }

        if (_run.Plan.Moment == KillMoment.Up && _run.UpAt == 0)
        {
            Add(KillProblem.Broken, "the guard was never up");
        }

        if (_run.Delay is not null && _run.DelayOfGuard is null)
        {
            Add(KillProblem.Broken, "the guard was not seen to take over");
        }

        if (_run.DelayOfGuard > MostDelay)
        {
            Add(KillProblem.Late, string.Create(CultureInfo.InvariantCulture, $"the first exit block began {_run.DelayOfGuard.Value.TotalSeconds:0.000} s after its guard could know"));
        }

        foreach (var process in _run.Leftovers)
        {
            Add(KillProblem.Leftover, $"left behind: {process}");
        }
    }

    private List<KillMark> Find(string what) => [.. _run.Marks.Where(mark => mark.What == what)];

    private static int Scope(string mark) => int.Parse(mark.AsSpan(1, 1), CultureInfo.InvariantCulture);

    private void Add(KillProblem problem, string text) => _problems.Add((problem, text));
}
