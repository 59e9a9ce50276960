using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>Ends this process without waiting for anything that still runs in it.</summary>
internal static class CurrentProcess
{
    /// <summary>Ends the process at once: _exit(2), on Windows TerminateProcess.</summary>
    /// <param name="status">Its exit status.</param>
    public static void End(int status)
    {
        if (OperatingSystem.IsWindows())
        {
            // With Environment.Exit, console handlers and the shell's own end race for the status. This one is final.
            _ = TerminateProcess(Process.GetCurrentProcess().Handle, (uint)status);
        }
        else
        {
            LibC.EndProcess(status);
        }
    }

#pragma warning disable SYSLIB1054 // Blittable.
    [DllImport("kernel32")]
    private static extern int TerminateProcess(nint process, uint status);
#pragma warning restore SYSLIB1054
}
