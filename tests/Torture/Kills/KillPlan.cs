using System.Globalization;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture.Kills;

/// <summary>A run of the kill campaign; follows from its seed alone.</summary>
internal sealed record KillPlan
{
    /// <summary>The status of a script that was not killed in time.</summary>
    public const int CallerStatus = 7;

    /// <summary>The command line of the body's native command.</summary>
    public const string NativeCommand = "sleep 1000";

    /// <summary>What everything else was derived from.</summary>
    public required int Seed { get; init; }

    /// <summary>For each scope, the outermost first, how many milliseconds each of its exit blocks takes.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Scopes { get; init; }

    public required KillBody Body { get; init; }

    public required KillMoment Moment { get; init; }

    /// <summary>How long after that, in milliseconds; for <see cref="KillMoment.Start"/> a share of the time until a script usually begins.</summary>
    public required double Delay { get; init; }

    /// <summary>Whether the body is told to end only after the guard is up.</summary>
    public required bool WaitsForGuard { get; init; }

    /// <summary>The plan of a seed: always the same.</summary>
    public static KillPlan Create(int seed)
    {
        var random = new Random(seed);
        var moment = random.Next(20) switch
        {
            < 2 => KillMoment.Start,
            < 7 => KillMoment.Body,
            < 12 => KillMoment.Up,
            < 15 => KillMoment.End,
            _ => KillMoment.ExitBlock,
        };
        int depth = random.Next(4) switch
        {
            < 2 => 1,
            2 => 2,
            _ => 3,
        };
        List<int[]> scopes = [.. Enumerable.Range(0, depth).Select(_ =>
            Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(2) * random.Next(1, 50)).ToArray())];

        // A body that waits for its native command can't be told to end.
        var bodies = Enum.GetValues<KillBody>().Where(body => !EndsBody(moment) || body != KillBody.Native).ToList();
        return new KillPlan
        {
            Seed = seed,
            Scopes = scopes,
            Body = bodies[random.Next(bodies.Count)],
            Moment = moment,
            Delay = random.NextDouble() * moment switch
            {
                KillMoment.Start => 1.5,
                KillMoment.Body => 600,
                KillMoment.Up => 300,

                // Each statement takes some time too.
                _ => scopes.Sum(blocks => blocks.Sum(block => block + 8)) + 20,
            },
            WaitsForGuard = random.Next(4) > 0,
        };
    }

    /// <summary>Whether the body is told to end before the kill.</summary>
    public static bool EndsBody(KillMoment moment) => moment is KillMoment.End or KillMoment.ExitBlock;

    /// <summary>The script to start.</summary>
    public string Script() => $$"""
        # {{this}}
        . '{{Path.Combine(Repository.Root, "tests", "Torture", "prelude.ps1")}}'

        # The guard takes this along into a process that has not loaded the harness. The moment is that of the call.
        function Mark {
            param([string] $Text)
            $now = [System.Diagnostics.Stopwatch]::GetTimestamp()
            $null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_HARNESS)
            [GracefulExit.Tests.Harness.Journal]::Append("$Text $now")
        }

        $go = "$env:TEST_TEMP/go"
        {{Scope(0)}}
        exit {{CallerStatus}}

        """;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Body} in {string.Join(" in ", Scopes.Reverse().Select(blocks => $"[{string.Join(' ', blocks)}]"))}, SIGKILL at {Moment} + {Delay:0.###}{(EndsBody(Moment) ? WaitsForGuard ? ", guard up" : ", at once" : "")}");

    private string Scope(int index)
    {
        int id = index + 1;
        string body = id < Scopes.Count ? Scope(index + 1) : $"Tell 'ready'{Environment.NewLine}{InnerBody()}";
        string blocks = string.Join(", ", Scopes[index].Select((pause, block) => $$"""
            {
                Mark "X{{id}}.{{block + 1}} $($_.Reason)"
                Tell 'exiting'
                {{(pause > 0 ? $"Start-Sleep -Milliseconds {pause}" : "# no pause")}}
                Mark "Y{{id}}.{{block + 1}} $($_.Reason)"
            }
            """));
        return $$"""
            Use-ExitHandler -Guard -Append {
                Mark 'B{{id}} -'
                {{body}}
            } -OnExit {{blocks}}
            Mark 'E{{id}} -'
            """;
    }

    private string InnerBody() => Body switch
    {
        KillBody.Busy => "while (-not [System.IO.File]::Exists($go)) { }",
        KillBody.Native => $"/bin/sh -c 'exec {NativeCommand}'",
        KillBody.Background => $"/bin/sh -c '{NativeCommand} > /dev/null 2>&1 &'{Environment.NewLine}{Sleep}",
        _ => Sleep,
    };

    private static string Sleep => "while (-not [System.IO.File]::Exists($go)) { Start-Sleep -Milliseconds 5 }";
}
