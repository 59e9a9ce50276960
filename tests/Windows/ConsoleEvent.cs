using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GracefulExit.Tests.WindowsDriver;

/// <summary>Delivers console events to the processes of a console, as Windows does.</summary>
internal static unsafe class ConsoleEvent
{
    public const uint ControlC = 0;
    public const uint ControlBreak = 1;
    public const uint Close = 2;
    public const uint Shutdown = 6;

    /// <summary>The exit code of a thread that has delivered an event, once the handlers have returned.</summary>
    public const uint Returned = 1;

    /// <summary>That of one in which they still run.</summary>
    public const uint StillActive = 259;

    /// <summary>Whether this is Wine.</summary>
    public static readonly bool IsWine = Kernel32.GetProcAddress(Kernel32.GetModuleHandle("ntdll"), "wine_get_version") != 0;

    /// <summary>Keeps the events that this process delivers from ending it.</summary>
    public static void IgnoreOwn() => Check(Kernel32.SetConsoleCtrlHandler(&Ignore, add: true), "SetConsoleCtrlHandler");

    /// <summary>Delivers an event to all processes of a console.</summary>
    /// <param name="process">A process of the console.</param>
    /// <param name="kind">The event.</param>
    /// <returns>The threads that deliver it, with their processes; none where Windows itself delivers it.</returns>
    public static IReadOnlyList<Delivery> Send(uint process, uint kind)
    {
        // Of the events, a program can ask for these two. Wine 8 has not even the second.
        if (kind == ControlC || (kind == ControlBreak && !IsWine))
        {
            WithConsole(process, () => Check(Kernel32.GenerateConsoleCtrlEvent(kind, 0), "GenerateConsoleCtrlEvent"));
            return [];
        }

        // The others come from the system: it starts a thread in each process of the console, at this routine.
        nint routine = Kernel32.GetProcAddress(Kernel32.GetModuleHandle("kernelbase"), "CtrlRoutine");
        Check(routine != 0, "GetProcAddress of CtrlRoutine");
        List<nint> handles = [];
        WithConsole(process, () => handles = OpenProcesses());
        var deliveries = new List<Delivery>();
        foreach (nint handle in handles)
        {
            nint thread = Kernel32.CreateRemoteThread(handle, 0, 0, routine, (nint)kind, 0, out _);
            if (thread == 0)
            {
                _ = Kernel32.CloseHandle(handle);
                continue;
            }

            deliveries.Add(new Delivery(handle, thread));
        }

        return deliveries;
    }

    // A process can be in one console at a time; this one is in none of its own.
    private static void WithConsole(uint process, Action action)
    {
        Check(Kernel32.AttachConsole(process), "AttachConsole");
        try
        {
            action();
        }
        finally
        {
            _ = Kernel32.FreeConsole();
        }
    }

    // The processes of the console but for this one.
    private static List<nint> OpenProcesses()
    {
        (uint Id, nint Handle)[] opened =
        [
            .. Processes().Where(id => id != Environment.ProcessId)
                .Select(id => (id, Kernel32.OpenProcess(Kernel32.ProcessAllAccess, inherit: false, id)))
                .Where(process => process.Item2 != 0),
        ];

        // One may have ended before it was opened, and its number have become that of a process of another test. From now on it can't.
        uint[] still = Processes();
        foreach (var process in opened.Where(process => !still.Contains(process.Id)))
        {
            _ = Kernel32.CloseHandle(process.Handle);
        }

        return [.. opened.Where(process => still.Contains(process.Id)).Select(process => process.Handle)];
    }

    private static uint[] Processes()
    {
        var ids = new uint[256];
        fixed (uint* buffer = ids)
        {
            uint count = Kernel32.GetConsoleProcessList(buffer, (uint)ids.Length);
            Check(count is > 0 and <= 256, "GetConsoleProcessList");
            return ids[..(int)count];
        }
    }

    private static void Check(bool done, string what)
    {
        if (!done)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"{what}: {new Win32Exception(error).Message} ({error})");
        }
    }

    [UnmanagedCallersOnly]
    private static int Ignore(uint kind) => 1;

    /// <summary>A thread in a process, in which the process's handlers run.</summary>
    internal readonly record struct Delivery(nint Process, nint Thread);
}
