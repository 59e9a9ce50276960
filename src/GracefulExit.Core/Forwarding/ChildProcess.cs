namespace GracefulExit.Forwarding;

/// <summary>A process that this one has started.</summary>
/// <param name="ProcessId">Its number, which may become another's.</param>
/// <param name="StartTime">When it was started, in whatever the system counts: with the number it names a process for good.</param>
internal readonly record struct ChildProcess(int ProcessId, long StartTime);
