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
    private const int InvalidParameter = 87;

    /// <summary>How long the event may take to reach this process too.</summary>
    private static readonly TimeSpan OwnEventTimeout = TimeSpan.FromSeconds(2);

    private static readonly Lock Gate = new();
    private static readonly ManualResetEventSlim OwnEvent = new();
    private static int _awaited = -1;

    public SendOutcome Send(Signal signal, int processId, out int error)
    {
        error = 0;
        int kind = signal == Signal.Interrupt ? ControlC : signal.IsConsoleBreak ? ControlBreak : -1;
        if (!Exists(processId))
        {
            return SendOutcome.NoSuchProcess;
        }

        if (kind < 0)
        {
            return SendOutcome.NotSendable;
        }

        if (!SharesConsole(processId))
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

    private static bool Exists(int processId)
    {
        const uint queryLimitedInformation = 0x1000;
        const uint stillActive = 259;
        nint process = OpenProcess(queryLimitedInformation, inherit: false, (uint)processId);
        if (process == 0)
        {
            return Marshal.GetLastPInvokeError() is not InvalidParameter;
        }

        bool isOver = GetExitCodeProcess(process, out uint status) && status != stillActive;
        _ = CloseHandle(process);
        return !isOver;
    }

    private static bool SharesConsole(int processId)
    {
        uint[] ids = new uint[64];
        while (true)
        {
            uint count;
            fixed (uint* buffer = ids)
            {
                // 0: no console. More than fit: the number needed.
                count = GetConsoleProcessList(buffer, (uint)ids.Length);
            }

            if (count <= ids.Length)
            {
                return ids.AsSpan(0, (int)count).Contains((uint)processId);
            }

            ids = new uint[count + 64];
        }
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint kind, uint group);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleCtrlHandler(delegate* unmanaged<uint, int> handler, [MarshalAs(UnmanagedType.Bool)] bool add);

    [LibraryImport("kernel32")]
    private static partial uint GetConsoleProcessList(uint* ids, uint count);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint processId);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetExitCodeProcess(nint process, out uint status);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);
}
