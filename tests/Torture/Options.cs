using System.Globalization;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture;

/// <summary>The command line.</summary>
internal sealed record Options
{
    /// <summary>What may be given.</summary>
    public const string Usage = """
        usage: dotnet run --project tests/Torture -- [options]
          --runs N           how many runs (default 200)
          --seed S           from which all runs are derived (default 1)
          --shell PATH       another pwsh (default: what tests/Shell has made, or GRACEFULEXIT_PWSH)
          --parallel P       how many side by side (default three for each processor)
          --seconds LIMIT    begin no run after this (default: no limit)
          --campaign NAME    random (default); queue: SIGTERMs to examples/queue-worker.ps1, whose items are counted;
                             kill: SIGKILLs to processes with a guard
          --replay RUNSEED   run one again and tell all about it; with --runs, several times
        """;

    public int? Runs { get; private init; }

    public int Seed { get; private init; } = 1;

    public ShellUnderTest Shell { get; private init; } = ShellUnderTest.Default;

    public int Parallel { get; private init; } = 3 * Environment.ProcessorCount;

    public TimeSpan Limit { get; private init; } = TimeSpan.MaxValue;

    public int? Replay { get; private init; }

    public CampaignKind Campaign { get; private init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It is not valid.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{arguments[i]} needs a value.");
            options = arguments[i] switch
            {
                "--runs" => options with { Runs = Number(value) },
                "--seed" => options with { Seed = Number(value) },
                "--shell" => options with { Shell = ShellUnderTest.At(value) },
                "--parallel" => options with { Parallel = Math.Max(1, Number(value)) },
                "--seconds" => options with { Limit = TimeSpan.FromSeconds(Number(value)) },
                "--campaign" => options with { Campaign = CampaignNamed(value) },
                "--replay" => options with { Replay = Number(value) },
                _ => throw new FormatException($"There is no option {arguments[i]}."),
            };
        }

        return options;
    }

    private static CampaignKind CampaignNamed(string value) => value switch
    {
        "random" => CampaignKind.Random,
        "queue" => CampaignKind.Queue,
        "kill" => CampaignKind.Kill,
        _ => throw new FormatException($"There is no campaign {value}."),
    };

    private static int Number(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>What to do.</summary>
internal enum CampaignKind
{
    /// <summary>Random scripts, random signals.</summary>
    Random,

    /// <summary>SIGTERM to an example that processes a queue.</summary>
    Queue,

    /// <summary>SIGKILL to processes with a guard.</summary>
    Kill,
}
