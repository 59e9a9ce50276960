using System.Globalization;

namespace GracefulExit.Bench;

/// <summary>The command line.</summary>
internal sealed record Options
{
    /// <summary>What may be given.</summary>
    public static readonly string Usage = $"""
        usage: dotnet run --project bench -- [options]
          --rows A,B     only these: {string.Join(", ", Benchmark.All.Select(row => row.Key))};
                         without it all but inside and profile, which tell the reason of others' results
          --shell PATH   another pwsh than the one that tests/Shell makes
          --old DIR      another build of the module beside this one, by turns, in the rows latency, warm, first, import,
                         scopes, cpu and guard
          --runs N       fresh processes for each subject (default 20)
          --age MS       how old a process is that gets its signal (default 1000)
          --quick        a look, not a result: a few runs, less work in each
        The module is the packaged one, or what GRACEFULEXIT_MODULE names. Everything is left in out/bench; the
        table and the pictures of a run of all rows but inside and profile, with ten runs or more, go into
        docs/performance.md too.
        """;

    public IReadOnlyList<string> Rows { get; private init; } = Benchmark.Results;

    public string? Shell { get; private init; }

    /// <summary>The directory of another build of the module; null: none.</summary>
    public string? Old { get; private init; }

    /// <summary>Null: the default.</summary>
    public int? GivenRuns { get; private init; }

    public int Runs => GivenRuns ?? (IsQuick ? 5 : 20);

    public TimeSpan Age { get; private init; } = TimeSpan.FromSeconds(1);

    public bool IsQuick { get; private init; }

    /// <summary>With fewer runs a median is a matter of luck.</summary>
    private const int FewestRuns = 10;

    /// <summary>Whether the result may stand for the whole.</summary>
    public bool IsComplete => !IsQuick && Runs >= FewestRuns && Shell is null && Benchmark.Results.All(Rows.Contains) && Age == TimeSpan.FromSeconds(1);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It is not to be understood.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (int i = 0; i < arguments.Count; i++)
        {
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{arguments[i - 1]} needs a value.");
            options = arguments[i] switch
            {
                "--rows" => options with { Rows = [.. Value().Split(',').Select(Known)] },
                "--shell" => options with { Shell = Value() },
                "--old" => options with { Old = Path.GetFullPath(Value()) },
                "--runs" => options with { GivenRuns = Number(Value()) },
                "--age" => options with { Age = TimeSpan.FromMilliseconds(Number(Value())) },
                "--quick" => options with { IsQuick = true },
                _ => throw new FormatException($"There is no option {arguments[i]}."),
            };
        }

        return options;
    }

    private static string Known(string key) => Benchmark.All.Any(row => row.Key == key) ? key : throw new FormatException($"There is no row {key}.");

    private static int Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
        ? number
        : throw new FormatException($"'{value}' is no number of something.");
}
