using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>What the guard's pipe and log need from the C library. Unix only.</summary>
internal static class GuardNative
{
    /// <summary>F_GETPIPE_SZ of fcntl(2): how much a pipe holds. Linux only.</summary>
    /// <returns>0: unknown.</returns>
    public static int PipeSize(nint descriptor)
    {
        const int getPipeSize = 1032;
        return OperatingSystem.IsLinux() ? Math.Max(0, fcntl((int)descriptor, getPipeSize)) : 0;
    }

    /// <summary>FIONREAD of ioctl(2): how many bytes in a pipe have not been read. Linux only.</summary>
    public static int Unread(nint descriptor)
    {
        const nuint unread = 0x541B;
        return ioctl((int)descriptor, unread, out int bytes) == 0 ? bytes : 0;
    }

    /// <summary>open(2) of an existing file, to append to it. Follows no link, and does not wait for the reader of a named pipe.</summary>
    /// <returns>An invalid handle: the file can't be opened, or is a link.</returns>
    public static SafeFileHandle OpenForAppending(string path)
    {
        const int writeOnly = 1;
        bool isMac = OperatingSystem.IsMacOS();
        bool isArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
        int append = isMac ? 0x8 : 0x400;
        int noFollow = isMac ? 0x100 : isArm ? 0x8000 : 0x20000;
        int nonBlocking = isMac ? 0x4 : 0x800;
        int closeOnExec = isMac ? 0x1000000 : 0x80000;

        // Without O_CREAT there is no third argument, which macOS passes in a different way.
        return new SafeFileHandle(open(path, writeOnly | append | noFollow | nonBlocking | closeOnExec), ownsHandle: true);
    }

    /// <summary>statx(2): whether an open file is a regular file of this user. True where that can't be found out.</summary>
    public static bool IsOwnFile(SafeFileHandle file)
    {
        const int emptyPath = 0x1000;
        const uint typeAndOwner = 0x1 | 0x8;
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        byte[] status = new byte[256];
        try
        {
            if (statx((int)file.DangerousGetHandle(), string.Empty, emptyPath, typeAndOwner, status) != 0)
            {
                return true;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return true;
        }

        uint owner = BitConverter.ToUInt32(status, 20);
        int type = BitConverter.ToUInt16(status, 28) & 0xF000;
        return owner == geteuid() && type == 0x8000;
    }

#pragma warning disable SYSLIB1054, IDE1006, CA2101 // Nearly blittable, and on Unix a string is UTF-8; the C library's own names.
    [DllImport("libc")]
    private static extern int fcntl(int descriptor, int command);

    [DllImport("libc")]
    private static extern int ioctl(int descriptor, nuint request, out int result);

    [DllImport("libc")]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc")]
    private static extern int statx(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] status);

    [DllImport("libc")]
    private static extern uint geteuid();
#pragma warning restore SYSLIB1054, IDE1006, CA2101
}
