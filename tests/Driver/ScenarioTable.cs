using System.Text.Json;
using System.Text.Json.Serialization;

namespace GracefulExit.Tests.Driver;

/// <summary>Reads and checks the table of scenarios.</summary>
public static class ScenarioTable
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter<ScenarioInvoke>(allowIntegerValues: false) },
    };

    /// <summary>The scenarios of this repository.</summary>
    public static IReadOnlyList<Scenario> Load() => Load(Repository.ScenarioTable);

    /// <summary>The scenarios of a table, in its order.</summary>
    /// <exception cref="InvalidDataException">The table has mistakes; the message tells them all.</exception>
    public static IReadOnlyList<Scenario> Load(string path)
    {
        string scripts = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "scripts");
        var scenarios = new List<Scenario>();
        var problems = new List<string>();
        using var document = Parse(path);
        foreach (var (index, element) in document.RootElement.EnumerateArray().Index())
        {
            string label = element.TryGetProperty("name", out var name) ? name.ToString() : $"entry {index + 1}";
            try
            {
                var scenario = element.Deserialize<Scenario>(Options)!;
                scenario = scenario with { ScriptPath = scenario.Script is { } script ? Path.Combine(scripts, script) : null };
                problems.AddRange(scenario.Problems().Select(problem => $"{label}: {problem}"));
                scenarios.Add(scenario);
            }
            catch (JsonException e)
            {
                problems.Add($"{label}: {e.Message}");
            }
        }

        problems.AddRange(scenarios.CountBy(scenario => scenario.Name).Where(pair => pair.Value > 1).Select(pair => $"{pair.Key}: the name is there {pair.Value} times"));
        return problems.Count == 0
            ? scenarios
            : throw new InvalidDataException($"{path}:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            var document = JsonDocument.Parse(File.ReadAllText(path), options);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? document
                : throw new InvalidDataException($"{path}: the table is an array of scenarios.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}
