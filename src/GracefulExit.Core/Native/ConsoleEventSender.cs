using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace GracefulExit.Native;

/// <summary>
/// Sends Ctrl+C and Ctrl+Break on Windows, as their keys do: to all processes of this process's console, which must include
/// the named one. This process itself ignores the event.
/// </summary>
/// <remarks>
/// Threads: any, one at a time. The event arrives on one of the system's threads, which calls the newest handler first. For one
/// event that is <see cref="OnEvent"/>, and no other handler in this process sees it.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed unsafe partial class ConsoleEventSender : ISignalSender
{
    private const int ControlC = 0;
    private const int ControlBreak = 1;

    /// <summary>How long the event may take to reach this process too.</summary>
    private static readonly TimeSpan OwnEventTimeout = TimeSpan.FromSeconds(2);

    private static readonly Lock Gate = new();
    private static readonly ManualResetEventSlim OwnEvent = new();
    private static int _awaited = -1;

    public SendOutcome Send(Signal signal, int processId, out int error)
    {
        error = 0;
        int kind = signal == Signal.Interrupt ? ControlC : signal.IsConsoleBreak ? ControlBreak : -1;
        if (!ConsoleProcesses.Exists(processId))
        {
            return SendOutcome.NoSuchProcess;
        }

        if (kind < 0)
        {
            return SendOutcome.NotSendable;
        }

        if (!ConsoleProcesses.Ids().Contains(processId))
        {
            return SendOutcome.OtherConsole;
        }

        lock (Gate)
        {
            OwnEvent.Reset();
            Volatile.Write(ref _awaited, kind);
            _ = SetConsoleCtrlHandler(&OnEvent, add: true);
            try
            {
                if (!GenerateConsoleCtrlEvent((uint)kind, 0))
                {
                    error = Marshal.GetLastPInvokeError();
                    return SendOutcome.Failed;
                }

                _ = OwnEvent.Wait(OwnEventTimeout);
                return SendOutcome.Sent;
            }
            finally
            {
                Volatile.Write(ref _awaited, -1);
                _ = SetConsoleCtrlHandler(&OnEvent, add: false);
            }
        }
    }

    /// <summary>Swallows the one event that this process has sent, and passes on any other.</summary>
    [UnmanagedCallersOnly]
    private static int OnEvent(uint kind)
    {
        if (Interlocked.CompareExchange(ref _awaited, -1, (int)kind) != (int)kind)
        {
            return 0;
        }

        OwnEvent.Set();
        return 1;
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint kind, uint group);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleCtrlHandler(delegate* unmanaged<uint, int> handler, [MarshalAs(UnmanagedType.Bool)] bool add);
}
