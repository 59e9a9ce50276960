using GracefulExit.Core;

namespace GracefulExit.Unit.Core;

internal delegate (ScopeState State, ScopeEffects Effects) Machine(ScopeLimits limits, ScopeState state, ScopeEvent happened);

/// <summary>
/// Goes through every state of a <see cref="ScopeModel"/> that can be reached, breadth first, with every event that can happen in
/// it, and looks for broken promises.
/// </summary>
/// <param name="machine">The machine under test.</param>
/// <param name="limits">The scope's limits.</param>
/// <param name="tellsGuardLate">Fault: the guard learns of running exit blocks only once it holds the scope (finding A5).</param>
internal sealed class ScopeExplorer(Machine machine, ScopeLimits limits, bool tellsGuardLate = false)
{
    private const int LongestEnd = 12;

    private static readonly ExitRequest Signalled = ExitRequest.ForSignal(Signal.Terminate);
    private static readonly ExitRequest Exiting = new(ExitReason.ProcessExit, null, 3);

    private readonly Dictionary<ScopeModel, string> _pathTo = [];

    public List<string> Problems { get; } = [];

    public int States => _pathTo.Count;

    public int Transitions { get; private set; }

    public void Explore()
    {
        Queue<ScopeModel> queue = new();
        ScopeModel start = default;
        _pathTo[start] = string.Empty;
        queue.Enqueue(start);
        while (queue.TryDequeue(out ScopeModel model))
        {
            LookAt(model);
            foreach ((string name, ScopeModel next) in Successors(model))
            {
                Transitions++;
                if (next.Scope.Phase < model.Scope.Phase)
                {
                    Problem(model, $"{name} goes back to {next.Scope.Phase}");
                }

                if (!_pathTo.ContainsKey(next))
                {
                    _pathTo[next] = $"{_pathTo[model]} {name}";
                    queue.Enqueue(next);
                }
            }
        }
    }

    private void LookAt(ScopeModel model)
    {
        if (model.Claims > 1)
        {
            Problem(model, $"the exit blocks were given away {model.Claims} times");
        }

        if (model.Thread == ThreadPlace.Gone && model.Claims == 0)
        {
            Problem(model, "the exit blocks never ran");
        }

        if (model.IsGuarded && !model.DoesGuardKnow && model.Claims > 0 && !model.IsOver)
        {
            Problem(model, "if the process died now, the guard would run the exit blocks again");
        }

        if (model.Scope.Request is not null && StepsToEnd(model, LongestEnd) > LongestEnd)
        {
            Problem(model, "does not end by its deadlines");
        }
    }

    private void Problem(ScopeModel model, string what) => Problems.Add($"{what}: {model} after:{_pathTo[model]}");

    /// <summary>How many steps it takes at most to end a requested scope whose body's thread never moves again.</summary>
    private int StepsToEnd(ScopeModel model, int left)
    {
        if (model.IsOver || model.Scope.Phase is ScopePhase.Completed or ScopePhase.Rescued)
        {
            return 0;
        }

        if (left < 0)
        {
            return LongestEnd + 1;
        }

        // Exit blocks and scopes within end by their own limits; the body's thread stays where it is.
        (string, ScopeModel)[] steps = [.. Successors(model).Where(step => step.Name is "deadline" or "inner ends" or "blocks done")];
        return steps.Length == 0 ? LongestEnd + 1 : 1 + steps.Max(step => StepsToEnd(step.Item2, left - 1));
    }

    private IEnumerable<(string Name, ScopeModel Next)> Successors(ScopeModel model)
    {
        if (model.IsOver)
        {
            yield break;
        }

        foreach (bool isInnerEnding in model.HasInner ? (bool[])[false, true] : [false])
        {
            yield return ("signal", Apply(model, ScopeEventKind.Requested, Signalled, isInnerEnding));
            yield return ("exit of process", Apply(model, ScopeEventKind.ProcessExiting, Exiting, isInnerEnding));
        }

        yield return ("stop from elsewhere", Apply(model, ScopeEventKind.StoppedFromElsewhere, ExitRequest.Stopped));
        if (model.Scope.Request is not null)
        {
            yield return ("stop demanded", Apply(model, ScopeEventKind.StopDemanded));
        }

        if (model.Scope.Deadline != DeadlineKind.None)
        {
            yield return ("deadline", Apply(model, ScopeEventKind.DeadlinePassed, now: 1));
            yield return ("early look", Apply(model, ScopeEventKind.DeadlinePassed));
        }

        if (model.AwaitsForwarding)
        {
            yield return ("forwarded", Apply(model with { AwaitsForwarding = false }, ScopeEventKind.Forwarded, flag: true));
            yield return ("no children", Apply(model with { AwaitsForwarding = false }, ScopeEventKind.Forwarded));
        }

        if (model.HasInner)
        {
            yield return ("inner ends", Apply(model with { HasInner = false }, ScopeEventKind.InnerEnded));
        }

        foreach ((string, ScopeModel) step in ThreadSteps(model).Concat(BlockSteps(model)))
        {
            yield return step;
        }
    }

    private IEnumerable<(string Name, ScopeModel Next)> ThreadSteps(ScopeModel model)
    {
        switch (model.Thread)
        {
            case ThreadPlace.Before:
                if (!model.IsGuarded)
                {
                    yield return ("guard has it all", model with { IsGuarded = true, DoesGuardKnow = model.DoesGuardKnow && !tellsGuardLate });
                }

                (ScopeState state, ScopeEffects effects) = Step(model.Scope, new ScopeEvent(ScopeEventKind.BodyEntered, 0));
                yield return effects.HasFlag(ScopeEffects.RunBody)
                    ? ("body begins", Note(model with { Thread = ThreadPlace.InBody }, state, effects))
                    : ("body left out", Leave(model, BodyOutcomeKind.Stopped));
                break;
            case ThreadPlace.InBody:
                if (model.Scope.Shields < 2)
                {
                    yield return ("shield begins", Apply(model, ScopeEventKind.ShieldBegan));
                }

                if (model.Scope.Shields > 0 && !model.HasInner)
                {
                    yield return ("shield ends", Apply(model, ScopeEventKind.ShieldEnded));
                }

                if (!model.HasInner)
                {
                    yield return ("inner begins", Apply(model with { HasInner = true }, ScopeEventKind.InnerBegan));
                    foreach (BodyOutcomeKind outcome in Enum.GetValues<BodyOutcomeKind>())
                    {
                        yield return ($"body ends: {outcome}", Leave(model, outcome));
                    }
                }

                break;
            case ThreadPlace.Behind when !model.AreBlocksRunning && model.Scope.Phase != ScopePhase.Rescuing:
                yield return ("cmdlet returns", Apply(model with { Thread = ThreadPlace.Gone }, ScopeEventKind.Closed));
                break;
            default:
                break;
        }
    }

    private IEnumerable<(string Name, ScopeModel Next)> BlockSteps(ScopeModel model)
    {
        if (model.AreBlocksRunning)
        {
            yield return ("blocks done", Apply(model with { AreBlocksRunning = false }, ScopeEventKind.BlocksDone));
        }
    }

    private ScopeModel Leave(ScopeModel model, BodyOutcomeKind outcome) =>
        Apply(model with { Thread = ThreadPlace.Behind }, ScopeEventKind.BodyLeft, outcome: outcome);

    private ScopeModel Apply(
        ScopeModel model,
        ScopeEventKind kind,
        ExitRequest? request = null,
        bool flag = false,
        long now = 0,
        BodyOutcomeKind outcome = BodyOutcomeKind.Completed)
    {
        (ScopeState state, ScopeEffects effects) = Step(model.Scope, new ScopeEvent(kind, now, request, flag, outcome));
        return Note(model, state, effects);
    }

    private (ScopeState State, ScopeEffects Effects) Step(ScopeState state, ScopeEvent happened)
    {
        (ScopeState next, ScopeEffects effects) = machine(limits, state, happened);

        // Abstract time: a deadline is due at 1, whenever it was set.
        return (next with { DueAt = next.Deadline == DeadlineKind.None ? 0 : 1 }, effects);
    }

    private ScopeModel Note(ScopeModel model, ScopeState state, ScopeEffects effects)
    {
        const ScopeEffects giving = ScopeEffects.Rescue | ScopeEffects.RunBlocksInBodyPipeline | ScopeEffects.RunBlocksInFreshPipeline;
        bool isGiven = (effects & giving) != ScopeEffects.None;
        return model with
        {
            Scope = state,
            Claims = model.Claims + (isGiven ? 1 : 0),
            AreBlocksRunning = model.AreBlocksRunning || isGiven,
            DoesGuardKnow = model.DoesGuardKnow || (isGiven && (!tellsGuardLate || model.IsGuarded)),
            AwaitsForwarding = model.AwaitsForwarding || effects.HasFlag(ScopeEffects.Forward),
            IsProcessEnding = model.IsProcessEnding || effects.HasFlag(ScopeEffects.EndProcess),
        };
    }
}
