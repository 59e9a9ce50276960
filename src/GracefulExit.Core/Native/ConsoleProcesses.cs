using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>The processes of this process's console. Windows only.</summary>
internal static unsafe partial class ConsoleProcesses
{
    private const uint QueryLimitedInformation = 0x1000;
    private const uint StillActive = 259;

    /// <summary>Their numbers, this process's too; none where it has no console.</summary>
    public static int[] Ids()
    {
        uint[] ids = new uint[64];
        while (true)
        {
            uint count;
            fixed (uint* buffer = ids)
            {
                // 0: no console. More than there is room for: how many.
                count = GetConsoleProcessList(buffer, (uint)ids.Length);
            }

            if (count <= ids.Length)
            {
                return [.. ids.Take((int)count).Select(static id => (int)id)];
            }

            ids = new uint[count + 64];
        }
    }

    /// <summary>Looks at a process.</summary>
    /// <returns>Null: it has ended, or may not be looked at.</returns>
    public static ConsoleProcess? TryRead(int processId)
    {
        nint process = OpenProcess(QueryLimitedInformation, inherit: false, (uint)processId);
        if (process == 0)
        {
            return null;
        }

        try
        {
            BasicInformation basic;
            const int processBasicInformation = 0;
            return GetExitCodeProcess(process, out uint status) && status == StillActive
                && GetProcessTimes(process, out long start, out _, out _, out _)
                && NtQueryInformationProcess(process, processBasicInformation, &basic, (uint)sizeof(BasicInformation), out _) >= 0
                ? new ConsoleProcess(processId, (int)basic.ParentId, start)
                : null;
        }
        finally
        {
            _ = CloseHandle(process);
        }
    }

    /// <summary>Whether there is such a process.</summary>
    public static bool Exists(int processId)
    {
        const int invalidParameter = 87;
        nint process = OpenProcess(QueryLimitedInformation, inherit: false, (uint)processId);
        if (process == 0)
        {
            return Marshal.GetLastPInvokeError() is not invalidParameter;
        }

        bool isOver = GetExitCodeProcess(process, out uint status) && status != StillActive;
        _ = CloseHandle(process);
        return !isOver;
    }

    [LibraryImport("kernel32")]
    private static partial uint GetConsoleProcessList(uint* ids, uint count);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint processId);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetExitCodeProcess(nint process, out uint status);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetProcessTimes(nint process, out long start, out long end, out long kernel, out long user);

    [LibraryImport("ntdll")]
    private static partial int NtQueryInformationProcess(nint process, int kind, BasicInformation* information, uint size, out uint returned);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);

    /// <summary>PROCESS_BASIC_INFORMATION of winternl.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct BasicInformation
    {
        public int ExitStatus;
        public nint Environment;
        public nint Affinity;
        public int Priority;
        public nint ProcessId;
        public nint ParentId;
    }
}

/// <summary>A running process.</summary>
/// <param name="ProcessId">Its number.</param>
/// <param name="ParentId">The number of the process that has started it.</param>
/// <param name="StartTime">When: with the number it names a process for good.</param>
internal readonly record struct ConsoleProcess(int ProcessId, int ParentId, long StartTime);
