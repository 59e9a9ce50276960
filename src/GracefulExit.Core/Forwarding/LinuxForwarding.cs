using System.Globalization;
using GracefulExit.Native;

namespace GracefulExit.Forwarding;

/// <summary>
/// Forwarding on Linux, by <c>kill</c>. /proc/PID/task/TID/children lists the children of a thread, not of the whole process
/// (proc_tid_children(5)), so that other runspaces' children are told apart without guessing.
/// </summary>
internal sealed class LinuxForwarding : IForwardingSystem
{
    public bool IsSupported => OperatingSystem.IsLinux() && File.Exists($"/proc/self/task/{CurrentThread}/children");

    public int CurrentThread => LibC.CurrentThreadId();

    public bool Reaches(bool isDelivered) => true;

    /// <remarks>
    /// The list may miss a process while others come and go, says proc_tid_children(5); an empty one is looked at twice.
    /// </remarks>
    public IReadOnlyList<ChildProcess> FindChildren(int thread) => Read(thread) is { Length: > 0 } children ? children : Read(thread);

    public bool IsThere(ChildProcess child) => Find(child) is not null;

    /// <remarks>
    /// What the terminal sends, it sends to every process of its foreground group. Whoever has ended is let be: its PID may be reused.
    /// </remarks>
    public void Send(IReadOnlyList<ChildProcess> children, Signal signal, bool isDelivered)
    {
        bool isFromTerminal = isDelivered && signal.IsConsoleBreak && ProcStat.Read(Environment.ProcessId) is { IsInForeground: true };
        foreach (ChildProcess child in children)
        {
            if (Find(child) is { State: not ('Z' or 'X') } now && !(isFromTerminal && now.IsInForeground))
            {
                LibC.Kill(child.ProcessId, signal.Number);
            }
        }
    }

    public bool IsKilledBy(IReadOnlyList<Signal> signals, int status) => signals.Any(signal => signal.ExitCode == status);

    private static ProcStat? Find(ChildProcess child) =>
        ProcStat.Read(child.ProcessId) is { } now && now.StartTime == child.StartTime ? now : null;

    private static ChildProcess[] Read(int threadId)
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
            .Where(static child => child.State != 'X')
            .Select(static child => new ChildProcess(child.ProcessId, child.StartTime))];
    }
}
