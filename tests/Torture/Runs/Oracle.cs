using GracefulExit.Tests.Harness;
using GracefulExit.Tests.Torture.Plans;

namespace GracefulExit.Tests.Torture.Runs;

/// <summary>Judges a run by the contract.</summary>
internal sealed class Oracle
{
    private const int AbandoningInterrupts = 3;

    // Texts that none of these scripts writes, and nobody should ever see.
    private static readonly string[] CrashTexts =
    [
        "Unhandled exception", "no Runspace", "Fatal error", "deadlock", "NullReferenceException", "Object reference not set",
        "InvalidOperationException", "ObjectDisposedException", "ThreadInterruptedException", "   at System.", "   at GracefulExit.", "Segmentation",
    ];

    private readonly RunRecord _run;
    private readonly List<(Problem Problem, string Text)> _problems = [];
    private readonly bool _isAbandoned;

    private Oracle(RunRecord run)
    {
        _run = run;

        // Row C7: the third Ctrl+C abandons the exit blocks.
        _isAbandoned = run.Status == ExitStatus.Exited(130) && run.Sent.Count(signal => signal.Name == "SIGINT") >= AbandoningInterrupts;
    }

    /// <summary>What is wrong with a run.</summary>
    public static IReadOnlyList<(Problem Problem, string Text)> Judge(RunRecord run)
    {
        var oracle = new Oracle(run);
        oracle.JudgeEnd();
        foreach (var scope in run.Plan.AllScopes)
        {
            oracle.JudgeScope(scope);
        }

        oracle.JudgeHandlers();
        return oracle._problems;
    }

    private void JudgeEnd()
    {
        if (_run.Status is not { } status)
        {
            Add(Problem.Hang, "the process did not end");
        }
        else if (!AllowedStatuses().Contains(status))
        {
            bool isCrash = status.Signal is not (null or "SIGTERM" or "SIGINT" or "SIGHUP") || status.Code is 134 or 139;
            Add(isCrash ? Problem.Crash : Problem.BadStatus, $"status {status}; allowed: {string.Join(", ", AllowedStatuses().Distinct())}");
        }

        if (_run.Plan.Scopes.All(scope => scope.Body.End != BodyEnd.Crashes))
        {
            foreach (string text in CrashTexts.Where(text => _run.ErrorOutput.Contains(text, StringComparison.Ordinal)))
            {
                Add(Problem.Crash, $"standard error says \"{text}\"");
            }
        }

        // A third Ctrl+C ends the process at once: the engine may not have killed the body's native command yet.
        foreach (var process in _isAbandoned ? [] : _run.Leftovers)
        {
            Add(Problem.Leftover, $"left behind: {process}");
        }
    }

    private void JudgeScope(ScopePlan scope)
    {
        bool isLostWithInner = _isAbandoned && _run.Plan.Scopes.Any(inner => IsWithin(inner, scope) && IsGivenUp(inner));
        string before = $"B{scope.Id}";
        var first = scope.InOrder.First(block => IsDue(scope, block) || block == scope.ExitBlocks[0]);
        foreach (var block in scope.InOrder)
        {
            string x = $"X{block.Id}";
            string y = $"Y{block.Id}";
            if (_run.Count(x) > 1 || _run.Count(y) > 1)
            {
                Add(Problem.Double, $"{x} is there {_run.Count(x)} times, {y} {_run.Count(y)} times");
            }

            if (_run.Status is null)
            {
                continue;
            }

            if (_run.Count(x) == 0)
            {
                // The block that ran was given up, with everything that waits for it on its thread.
                if (IsDue(scope, block) && !isLostWithInner && !(_isAbandoned && block != first))
                {
                    Add(Problem.Lost, $"{(scope.Pushed.Contains(block) ? "P" + block.Id : before)} but no {x}");
                }

                continue;
            }

            if (_run.When(before) > _run.When(x))
            {
                Add(Problem.WrongOrder, $"{x} before {before}");
            }

            before = x;
            bool mayBeCutShort = _isAbandoned || scope.HasTimeLimit;
            if (block.Kind.ReachesEnd && _run.Count(y) == 0 && !mayBeCutShort)
            {
                Add(Problem.CutShort, $"{x} but no {y}");
            }
        }

        // In another runspace the process may end meanwhile.
        if (scope.Shield > 0 && _run.Plan.Shape != Shape.Runspaces && IsCut($"S{scope.Id}", $"T{scope.Id}"))
        {
            Add(Problem.CutShort, $"S{scope.Id} but no T{scope.Id}: the shielded part");
        }

        // A stop of an outer body, and pwsh's own Ctrl+C, may cut a finally block, as they do without the module.
        bool isStoppedByShell = !_run.Plan.ListensToInterrupt && _run.Sent.Any(signal => signal.Name == "SIGINT");
        if (_run.Plan.Shape == Shape.Single && !isStoppedByShell && !scope.MayBeGivenUp && IsCut($"F{scope.Id}", $"G{scope.Id}"))
        {
            Add(Problem.CutShort, $"F{scope.Id} but no G{scope.Id}: the body's finally block");
        }

        JudgeNesting(scope);
    }

    // Whether a part of a body began and did not come to its end, although the process has ended and nobody has abandoned anything.
    private bool IsCut(string begin, string end) =>
        !_isAbandoned && _run.Status is not null && _run.Count(begin) > 0 && _run.Count(end) == 0;

    // Whether it must run: the body began, or has pushed it.
    private bool IsDue(ScopePlan scope, ExitBlockPlan block) =>
        _run.Count((scope.Pushed.Contains(block) ? "P" + block.Id : $"B{scope.Id}")) > 0;

    // Rows F2, F3, F9: each once, newest first, after the scopes of their runspace, whatever ended the process.
    private void JudgeHandlers()
    {
        long? before = _run.Plan.Shape == Shape.Runspaces ? null : _run.Plan.Scopes.SelectMany(scope => scope.InOrder)
            .Select(block => _run.When($"X{block.Id}")).Max();
        foreach (var handler in _run.Plan.Handlers.Reverse())
        {
            string x = $"X{handler.Id}";
            string y = $"Y{handler.Id}";
            if (_run.Count(x) > 1 || _run.Count(y) > 1)
            {
                Add(Problem.Double, $"{x} is there {_run.Count(x)} times, {y} {_run.Count(y)} times");
            }

            if (_run.Status is null || _isAbandoned)
            {
                continue;
            }

            if (_run.When(x) is not { } began)
            {
                if (_run.Count("R" + handler.Id) > 0)
                {
                    Add(Problem.Lost, $"R{handler.Id} but no {x}");
                }

                continue;
            }

            if (began < before)
            {
                Add(Problem.WrongOrder, $"{x} before what comes first");
            }

            before = began;
            if (_run.Count(y) == 0)
            {
                Add(Problem.CutShort, $"{x} but no {y}");
            }
        }
    }

    private bool IsGivenUp(ScopePlan scope) => scope.InOrder.Any(block =>
        _run.Count($"X{block.Id}") == 0 || (_run.Count($"Y{block.Id}") == 0 && block.Kind.ReachesEnd) || block.Kind.IsEndless);

    private static bool IsWithin(ScopePlan inner, ScopePlan outer)
    {
        for (var scope = inner.Parent; scope is not null; scope = scope.Parent)
        {
            if (scope == outer)
            {
                return true;
            }
        }

        return false;
    }

    private void JudgeNesting(ScopePlan scope)
    {
        if (scope.Parent is not { } parent || parent.InOrder.FirstOrDefault(block => _run.Count($"X{block.Id}") > 0) is not { } outer)
        {
            return;
        }

        long? outerBegan = _run.When($"X{outer.Id}");

        foreach (string mark in scope.InOrder.SelectMany(block => (string[])[$"X{block.Id}", $"Y{block.Id}"]))
        {
            if (_run.When(mark) > outerBegan)
            {
                Add(Problem.WrongOrder, $"{mark} of the inner scope after X{outer.Id} of the outer one");
            }
        }

        // Row A6: only a signal ends the inner body, and after it nothing more of the outer one runs, unless it has a grace period (D1).
        if (!_run.Plan.EndsByItself && !parent.HasGracePeriod && _run.Count($"C{parent.Id}") > 0)
        {
            Add(Problem.WrongOrder, $"C{parent.Id}: the outer body went on");
        }
    }

    private HashSet<ExitStatus> AllowedStatuses()
    {
        var plan = _run.Plan;
        var allowed = new HashSet<ExitStatus>();
        var goesOn = plan.AllScopes.SelectMany(scope => scope.InOrder).Where(block => block.Kind.Name == "exit")
            .Select(_ => ExitStatus.Exited(plan.ExitBlockCode)).Append(ExitStatus.Exited(RunPlan.CallerStatus)).ToList();
        bool isSignalled = _run.Sent.Count > 0;
        if (plan.EndsByItself || !isSignalled || plan.Shape == Shape.Runspaces)
        {
            AllowOwnEnds(allowed, goesOn);
        }

        if (!isSignalled)
        {
            return allowed;
        }

        foreach (var scope in plan.AllScopes)
        {
            AllowAfterSignal(allowed, scope, goesOn);
        }

        for (int i = 0; i < _run.Sent.Count; i++)
        {
            // Registered handlers take what no scope takes (rows F3, F4).
            if (plan.Handlers.Count > 0 && (MayBeStray(i) || !plan.ListensToInterrupt))
            {
                allowed.Add(Status(_run.Sent[i].Name));
            }

            if (MayBeStray(i))
            {
                AllowDefault(allowed, _run.Sent[i].Name);
            }
        }

        // The shell's own Ctrl+C handler is held back only if every scope that listens is to continue (row A7); a scope that
        // ends by itself just then does not ask for a status of its own.
        bool isShellHeldBack = plan.ListensToInterrupt
            && (plan.Shape != Shape.Runspaces || plan.AllScopes.All(scope => scope.AfterSignal == "Continue"));
        if (!isShellHeldBack && _run.Sent.Any(signal => signal.Name == "SIGINT"))
        {
            AllowStoppedByShell(allowed);
        }

        if (_run.Sent.Count(signal => signal.Name == "SIGINT") >= AbandoningInterrupts)
        {
            allowed.Add(ExitStatus.Exited(130));
        }

        return allowed;
    }

    private void AllowOwnEnds(HashSet<ExitStatus> allowed, List<ExitStatus> goesOn)
    {
        allowed.UnionWith(goesOn);
        if (_run.Plan.Shape == Shape.Runspaces)
        {
            // What a body in a runspace of its own throws is not the script's.
            return;
        }

        foreach (var end in _run.Plan.Scopes.Select(scope => scope.Body.End))
        {
            switch (end)
            {
                case BodyEnd.Throws:
                    allowed.Add(ExitStatus.Exited(1));
                    break;
                case BodyEnd.Exits or BodyEnd.ExitsProcess:
                    allowed.Add(ExitStatus.Exited(_run.Plan.Code));
                    break;
                case BodyEnd.Crashes:
                    allowed.Add(ExitStatus.Killed("SIGABRT"));
                    break;
                default:
                    break;
            }
        }
    }

    private void AllowAfterSignal(HashSet<ExitStatus> allowed, ScopePlan scope, List<ExitStatus> goesOn)
    {
        var names = _run.Sent.Select(signal => signal.Name).Distinct();
        if (!_run.Plan.ListensToInterrupt)
        {
            names = names.Where(name => name != "SIGINT");
        }

        switch (scope.AfterSignal)
        {
            case "Continue":
                allowed.UnionWith(goesOn);
                break;
            case "Stop":
                AllowStoppedByShell(allowed);
                break;
            case "Exit":
                allowed.UnionWith(names.Select(Status));
                break;
            default:
                allowed.UnionWith(names.Select(ExitStatus.Killed));
                break;
        }

        if (scope.MayBeGivenUp)
        {
            allowed.UnionWith(names.Select(Status));

            // A rescue's own "exit N" ends the shell with N, whatever -AfterSignal says.
            allowed.UnionWith(goesOn.Where(status => status != ExitStatus.Exited(RunPlan.CallerStatus)));
        }
    }

    /// <summary>
    /// Whether a signal may have come when no scope was active, as far as can be told from outside: only the first one, sent
    /// into a body that does not end by itself, surely found its scope.
    /// </summary>
    private bool MayBeStray(int index) =>
        index > 0 || _run.Plan.EndsByItself || _run.PhaseOf(_run.Sent[0]) != Phase.Body || _run.Plan.Shape == Shape.Series;

    private static void AllowDefault(HashSet<ExitStatus> allowed, string name)
    {
        allowed.Add(ExitStatus.Killed(name));
        if (name == "SIGINT")
        {
            AllowStoppedByShell(allowed);
            allowed.Add(ExitStatus.Exited(RunPlan.CallerStatus));
        }
    }

    // The script is stopped, as by the shell's own Ctrl+C; the status then is that of its last command.
    private static void AllowStoppedByShell(HashSet<ExitStatus> allowed)
    {
        allowed.Add(ExitStatus.Exited(0));
        allowed.Add(ExitStatus.Exited(1));
    }

    private static ExitStatus Status(string name) => ExitStatus.Exited(128 + Signals.Number(name));

    private void Add(Problem problem, string text) => _problems.Add((problem, text));
}
