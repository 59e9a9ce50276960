using System.Globalization;
using GracefulExit.Native;

namespace GracefulExit.Forwarding;

/// <summary>
/// The processes that one thread of ours has started. Linux only: /proc/PID/task/TID/children lists the children of a
/// thread, not of the whole process (proc_tid_children(5)), so that other runspaces' children are told apart without guessing.
/// </summary>
internal static class ChildProcesses
{
    public static bool IsSupported => OperatingSystem.IsLinux() && File.Exists($"/proc/self/task/{LibC.CurrentThreadId()}/children");

    /// <summary>
    /// The children of a thread, in the order in which they were started, with those that have ended and of whose end nobody has taken
    /// note: the body has not gone on behind them.
    /// </summary>
    /// <remarks>
    /// The list may miss a process while others come and go, says proc_tid_children(5); an empty one is looked at twice.
    /// </remarks>
    public static IReadOnlyList<ProcStat> OfThread(int threadId) => Read(threadId) is { Length: > 0 } children ? children : Read(threadId);

    private static ProcStat[] Read(int threadId)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/self/task/{threadId}/children");
        }
        catch (IOException)
        {
            return [];
        }

        return [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(number => ProcStat.Read(int.Parse(number, CultureInfo.InvariantCulture)))
            .OfType<ProcStat>()
            .Where(static child => child.State != 'X')];
    }

    /// <summary>Whether this very process, not a later one of the same number, is still running.</summary>
    public static bool IsStillRunning(ProcStat child) =>
        ProcStat.Read(child.ProcessId) is { } now && now.StartTime == child.StartTime && IsRunning(now);

    /// <summary>Whether this very process is still there, if only because nobody has taken note of its end.</summary>
    public static bool IsUnreaped(ProcStat child) => ProcStat.Read(child.ProcessId) is { } now && now.StartTime == child.StartTime;

    private static bool IsRunning(ProcStat process) => process.State is not ('Z' or 'X');
}
