using System.Globalization;

namespace GracefulExit.Tests.Torture.Plans;

/// <summary>Derives a run from its seed.</summary>
internal sealed class PlanGenerator
{
    // The signals that a scope listens to unless told otherwise.
    private static readonly string[] All = ["SIGTERM", "SIGINT", "SIGHUP"];

    private readonly int _seed;
    private readonly Random _random;
    private int _lastId;
    private bool _listensToInterrupt = true;
    private string _commonAfterSignal = "Continue";
    private bool _isAfterSignalCommon;

    private PlanGenerator(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
    }

    /// <summary>The plan of a seed: always the same.</summary>
    public static RunPlan Create(int seed) => new PlanGenerator(seed).Create();

    private RunPlan Create()
    {
        var shape = Pick([(Shape.Single, 55), (Shape.Nested, 22), (Shape.Runspaces, 12), (Shape.Series, 11)]);
        _listensToInterrupt = !Chance(8);
        _commonAfterSignal = AfterSignal();
        _isAfterSignalCommon = Chance(75);
        var scopes = shape switch
        {
            Shape.Single => [Scope(null, Pick(BodyKind.All.Select(kind => (kind, kind.Weight))))],
            Shape.Nested => Nested(),
            Shape.Runspaces => Runspaces(),
            _ => Series(),
        };
        var plan = new RunPlan
        {
            Seed = _seed,
            Shape = shape,
            Scopes = scopes,
            Handlers = Handlers(),
            Around = shape == Shape.Runspaces && Chance(50) ? Scope(null, BodyKind.Wait) : null,
            Signals = [],
            ListensToInterrupt = _listensToInterrupt,
            Wait = shape == Shape.Series ? _random.Next(0, 6) : _random.Next(0, 150),
            Pause = _random.Next(10, 500),
            Code = Pick([(0, 1), (_random.Next(10, 100), 3)]),
            ExitBlockCode = _random.Next(100, 120),
        };
        return plan with { Signals = Signals(plan.EndsByItself) };
    }

    // What has no scope and does not end the process in its own way.
    private List<ExitBlockPlan> Handlers()
    {
        var kinds = ExitBlockKind.All.Where(kind => kind is { OpensScope: false, ReachesEnd: true }).Select(kind => (kind, kind.Weight)).ToList();
        return Chance(70) ? [] : [.. Enumerable.Range(1, _random.Next(1, 4)).Select(number => new ExitBlockPlan($"H{number}", Pick(kinds), null))];
    }

    private List<ScopePlan> Nested()
    {
        var scopes = new List<ScopePlan>();
        int depth = _random.Next(2, 4);
        for (int i = 0; i < depth; i++)
        {
            // After the inner scope all outer bodies do the same, so that it is known whether that must be reached.
            var body = i == depth - 1
                ? Pick(BodyKind.All.Where(kind => kind.Pipe == "").Select(kind => (kind, kind.Weight)))
                : BodyKind.All.Single(kind => kind.Name == "end");
            scopes.Add(Scope(scopes.LastOrDefault(), body));
        }

        return scopes;
    }

    private List<ScopePlan> Runspaces()
    {
        var scopes = new List<ScopePlan>();
        var kinds = BodyKind.All.Where(kind => kind.ForRunspaces).Select(kind => (kind, kind.Weight)).ToList();
        int count = _random.Next(2, 4);
        for (int i = 0; i < count; i++)
        {
            scopes.Add(Scope(null, Pick(kinds)));
        }

        return scopes;
    }

    private List<ScopePlan> Series()
    {
        string name = Chance(50) ? "end" : "end-at-once";
        var body = BodyKind.All.Single(kind => kind.Name == name);
        string afterSignal = Chance(70) ? "Continue" : _commonAfterSignal;
        var quick = ExitBlockKind.All[0];
        return [.. Enumerable.Range(1, _random.Next(2, 60)).Select(id => new ScopePlan
        {
            Id = id,
            Body = body,
            AfterSignal = afterSignal,
            Parameters = SignalParameter,
            ExitBlocks = [new ExitBlockPlan($"{id}.1", quick, null)],
        })];
    }

    private string SignalParameter => _listensToInterrupt ? "" : " -Signal SIGTERM, hup";

    private ScopePlan Scope(ScopePlan? parent, BodyKind body)
    {
        int id = ++_lastId;
        bool hasTimeLimit = Chance(10);
        bool isShort = body.NeedsRescue || Chance(6);
        string afterSignal = _isAfterSignalCommon ? _commonAfterSignal : AfterSignal();
        string parameters = "";
        if (isShort)
        {
            parameters += Seconds("StopTimeoutSeconds", 0.3, 0.6);
        }

        bool hasGracePeriod = Chance(body.IsGraceful ? 80 : 12);
        if (hasGracePeriod)
        {
            parameters += Seconds("GracePeriodSeconds", 0.05, 0.5);
        }

        if (hasTimeLimit)
        {
            parameters += Seconds("ExitTimeoutSeconds", 0.6, 1.2);
        }

        parameters += SignalParameter;
        return new ScopePlan
        {
            Id = id,
            Parent = parent,
            Body = body,
            AfterSignal = afterSignal,
            Parameters = parameters,
            HasGracePeriod = hasGracePeriod,
            HasTimeLimit = hasTimeLimit,
            Pushed = [.. Enumerable.Range(1, Pick([(0, 7), (1, 2), (3, 1)])).Select(number => ExitBlock($"{id}.P{number}", hasTimeLimit))],
            Shield = Chance(12) ? _random.Next(20, 400) : 0,
            MayBeGivenUp = isShort || body.UnwindsSlowly,
            ExitBlocks = [.. Enumerable.Range(1, Pick([(1, 7), (2, 2), (3, 1)])).Select(number => ExitBlock($"{id}.{number}", hasTimeLimit))],
        };
    }

    private ExitBlockPlan ExitBlock(string id, bool hasTimeLimit)
    {
        var kind = hasTimeLimit && Chance(50) ? ExitBlockKind.Endless[_random.Next(ExitBlockKind.Endless.Count)] : Pick(ExitBlockKind.All.Select(kind => (kind, kind.Weight)));
        if (!kind.OpensScope)
        {
            return new ExitBlockPlan(id, kind, null);
        }

        int inner = 100 + ++_lastId;
        return new ExitBlockPlan(id, kind, new ScopePlan
        {
            Id = inner,
            Body = BodyKind.All.Single(body => body.Name == "end"),
            HasTimeLimit = hasTimeLimit,
            ExitBlocks = [new ExitBlockPlan($"{inner}.1", ExitBlockKind.All[0], null)],
        });
    }

    private List<SignalPlan> Signals(bool endsByItself)
    {
        var first = Pick([(SignalMoment.Start, 10), (SignalMoment.Body, 62), (SignalMoment.ExitBlock, 20), (SignalMoment.After, 8)]);

        // Three Ctrl+C abandon the exit blocks: mostly there are fewer.
        int interrupts = Chance(80) ? 2 : int.MaxValue;
        var signals = new List<SignalPlan>();
        if (first > SignalMoment.Body && !endsByItself)
        {
            signals.Add(Single(SignalMoment.Body, ref interrupts));
        }

        if (first == SignalMoment.Body && Chance(15))
        {
            signals.Add(Storm(ref interrupts));
        }
        else
        {
            signals.Add(Single(first, ref interrupts));
        }

        int more = Pick([(0, 60), (1, 20), (2, 10), (3, 5), (4, 5)]);
        for (int i = 0; i < more && signals.Count < 5; i++)
        {
            var last = signals[^1].Moment;
            signals.Add(Single(last < SignalMoment.After && Chance(50) ? last + 1 : last, ref interrupts));
        }

        return signals;
    }

    private SignalPlan Single(SignalMoment moment, ref int interrupts)
    {
        double delay = moment == SignalMoment.Start ? _random.NextDouble() * 1.3
            : Chance(40) ? _random.NextDouble() * 3
            : _random.NextDouble() * 50;
        return new SignalPlan(moment, delay, [Signal(ref interrupts)], 0);
    }

    private SignalPlan Storm(ref int interrupts)
    {
        var names = new string[_random.Next(100, 301)];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Signal(ref interrupts);
        }

        return new SignalPlan(SignalMoment.Body, _random.NextDouble() * 20, names, Chance(50) ? 0 : _random.NextDouble());
    }

    private string Signal(ref int interrupts)
    {
        string name = All[_random.Next(All.Length)];
        return name == "SIGINT" && interrupts-- <= 0 ? "SIGTERM" : name;
    }

    private string AfterSignal() => Pick([("Continue", 55), ("Stop", 15), ("Exit", 15), ("Raise", 15)]);

    private string Seconds(string parameter, double from, double to) =>
        string.Create(CultureInfo.InvariantCulture, $" -{parameter} {from + (_random.NextDouble() * (to - from)):0.000}");

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(IEnumerable<(T Value, int Weight)> choices)
    {
        var list = choices.ToList();
        int at = _random.Next(list.Sum(choice => choice.Weight));
        foreach (var (value, weight) in list)
        {
            at -= weight;
            if (at < 0)
            {
                return value;
            }
        }

        throw new InvalidOperationException("Nothing to choose from.");
    }
}
