using System.Globalization;
using System.Text;

namespace GracefulExit.Tests.Harness;

/// <summary>Finds processes that a child has left behind.</summary>
public static class ProcessTable
{
    /// <summary>The environment variable that marks all descendants of one run, whatever session they have moved to.</summary>
    public const string RunVariable = "GRACEFULEXIT_RUN";

    /// <summary>Living processes of a session or group, or with a run's marker in their environment.</summary>
    /// <param name="leader">The id of the session and group.</param>
    /// <param name="run">The value of <see cref="RunVariable"/>; null: look at session and group only.</param>
    public static IReadOnlyList<ProcessEntry> Find(int leader, string? run)
    {
        if (!Directory.Exists("/proc/self"))
        {
            // macOS: at least the group can be queried.
            return LibC.Kill(-leader, 0) == 0 ? [new ProcessEntry(-leader, "(a process of the group)")] : [];
        }

        var found = new List<ProcessEntry>();
        string? marker = run is null ? null : $"{RunVariable}={run}\0";
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                || id == Environment.ProcessId)
            {
                continue;
            }

            string stat = Read($"{directory}/stat");

            // "id (name) state parent group session …": the name may contain anything, so count from its end.
            string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 4 || fields[0] is "Z" or "X")
            {
                continue;
            }

            string number = leader.ToString(CultureInfo.InvariantCulture);
            if (fields[2] == number || fields[3] == number
                || (marker is not null && ("\0" + Read($"{directory}/environ")).Contains("\0" + marker, StringComparison.Ordinal)))
            {
                found.Add(new ProcessEntry(id, Read($"{directory}/cmdline").Replace('\0', ' ').Trim()));
            }
        }

        return found;
    }

    /// <summary>What a living process is doing, for messages: its signals, and its threads with what they wait for. Linux.</summary>
    public static IEnumerable<string> Describe(ProcessEntry process)
    {
        string root = $"/proc/{process.Id}";
        string[] wanted = ["State:", "SigPnd:", "ShdPnd:", "SigBlk:", "SigIgn:", "SigCgt:"];
        var status = Read($"{root}/status").Split('\n').Where(line => wanted.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
        yield return $"{process}: {string.Join(", ", status.Select(line => line.Replace('\t', ' ')))}";
        yield return "  " + string.Join(", ", Tasks(root).Select(task => $"{Read($"{task}/comm").Trim()} ({Read($"{task}/wchan")})"));
    }

    // None if the process has ended meanwhile.
    private static string[] Tasks(string root)
    {
        try
        {
            return Directory.GetDirectories($"{root}/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Processes come and go while this reads, and some may not be read by this user.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
