using GracefulExit.Native;

namespace GracefulExit.Forwarding;

/// <summary>
/// Forwarding on Windows: the system itself tells every process of a console of Ctrl+C, Ctrl+Break, a closed window and the end of the
/// session. Nothing is sent; the children of this process's console get the time to end.
/// </summary>
/// <remarks>
/// An event of one's own would reach the whole console, the shell that has started this process too. So an exit that code asks for
/// can't be forwarded. Which thread has started a process Windows does not tell: a child of another runspace counts as well.
/// </remarks>
internal sealed class WindowsForwarding : IForwardingSystem
{
    /// <summary>STATUS_CONTROL_C_EXIT: what has no handler ends with it, on each of these events.</summary>
    private const int ControlCExit = unchecked((int)0xC000013A);

    public bool IsSupported => true;

    public int CurrentThread => 0;

    public bool Reaches(bool isDelivered) => isDelivered;

    public IReadOnlyList<ChildProcess> FindChildren(int thread) =>
        [.. ConsoleProcesses.Ids()
            .Select(ConsoleProcesses.TryRead)
            .OfType<ConsoleProcess>()
            .Where(static process => process.ParentId == Environment.ProcessId)
            .OrderBy(static process => process.StartTime)
            .Select(static process => new ChildProcess(process.ProcessId, process.StartTime))];

    public bool IsThere(ChildProcess child) =>
        ConsoleProcesses.TryRead(child.ProcessId) is { } now && now.StartTime == child.StartTime;

    public void Send(IReadOnlyList<ChildProcess> children, Signal signal, bool isDelivered)
    {
        // They have it.
    }

    public bool IsKilledBy(IReadOnlyList<Signal> signals, int status) => status == ControlCExit;
}
