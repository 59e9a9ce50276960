using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GracefulExit.Tests.Harness;

/// <summary>Console events that a script under test sends to its own process. The driver of tests/Windows sends those of the test.</summary>
internal static partial class WindowsConsole
{
    // DBG_TERMINATE_PROCESS, with which Windows ends processes when the session ends.
    private const uint StatusTerminated = WindowsShellProcess.StatusTerminated;

    private const uint ControlC = 0;
    private const nint ControlBreak = 1;
    private const nint Close = 2;
    private const nint Shutdown = 6;

    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(20);

    /// <summary>Sends this process the console event that Windows has in place of a signal. Returns at once.</summary>
    public static bool Send(string name)
    {
        switch (name)
        {
            case "SIGINT":
                return GenerateConsoleCtrlEvent(ControlC, 0) ? true : throw new Win32Exception();
            case "SIGQUIT":
                Deliver(ControlBreak, null);
                return true;
            case "SIGHUP":
                Deliver(Close, CloseTime);
                return true;
            case "SIGTERM":
                Deliver(Shutdown, ShutdownTime);
                return true;
            case "SIGKILL":
                _ = TerminateProcess(GetCurrentProcess(), uint.MaxValue);
                return true;
            default:
                throw new NotSupportedException($"Windows has nothing in the place of {name}.");
        }
    }

    // As the system does: start a thread in this routine, which calls the handlers. Some time later, end the process.
    private static void Deliver(nint kind, TimeSpan? time)
    {
        nint thread = CreateThread(0, 0, GetProcAddress(GetModuleHandle("kernelbase"), "CtrlRoutine"), kind, 0, 0);
        if (thread == 0)
        {
            throw new Win32Exception();
        }

        if (time is { } limit)
        {
            new Thread(() =>
            {
                _ = WaitForSingleObject(thread, (uint)limit.TotalMilliseconds);
                _ = TerminateProcess(GetCurrentProcess(), StatusTerminated);
            }) { IsBackground = true }.Start();
        }
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint kind, uint group);

    [LibraryImport("kernel32", EntryPoint = "GetModuleHandleW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint GetModuleHandle(string name);

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetProcAddress(nint module, string name);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint CreateThread(nint security, nint stack, nint start, nint argument, uint flags, nint id);

    [LibraryImport("kernel32")]
    private static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    private static partial int TerminateProcess(nint process, uint status);
}
