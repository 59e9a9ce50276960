using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>What the C library offers and .NET does not. Unix only.</summary>
internal static class LibC
{
    /// <summary>SIG_DFL of signal(2).</summary>
    public const nint DefaultDisposition = 0;

    /// <summary>EIO of errno(3), the same number on Linux and macOS.</summary>
    private const int InputOutputError = 5;

    /// <summary>EBADF of errno(3): no such descriptor; on macOS also a terminal that has been revoked.</summary>
    private const int BadDescriptor = 9;

    /// <summary>EINTR of errno(3): a signal handler ran; make the call again.</summary>
    private const int Interrupted = 4;

    /// <summary>kill(2): sends a signal to a process.</summary>
    /// <returns>Whether it was sent. False mostly means that the process is gone.</returns>
    public static bool Kill(int processId, int signalNumber) => kill(processId, signalNumber) == 0;

    /// <summary>ESRCH of errno(3): there is no such process.</summary>
    public const int NoSuchProcess = 3;

    /// <summary>EPERM of errno(3): the process belongs to another user.</summary>
    public const int NotPermitted = 1;

    /// <summary>kill(2): sends a signal to a process.</summary>
    /// <returns>0, or the error number.</returns>
    public static int TrySignal(int processId, int signalNumber) => kill(processId, signalNumber) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>raise(3): sends a signal to the calling thread.</summary>
    public static void Raise(int signalNumber) => _ = raise(signalNumber);

    /// <summary>signal(2): gives a signal its default effect again.</summary>
    public static void ResetDisposition(int signalNumber) => signal(signalNumber, DefaultDisposition);

    /// <summary>isatty(3) fails with EIO, on macOS with EBADF: the terminal has been hung up.</summary>
    public static bool IsHungUpTerminal(int descriptor) =>
        isatty(descriptor) == 0
        && Marshal.GetLastPInvokeError() is var error
        && (error == InputOutputError || (error == BadDescriptor && OperatingSystem.IsMacOS() && IsOpen(descriptor)));

    /// <summary>F_GETFD of fcntl(2): whether there is such a descriptor, be it that of a revoked terminal.</summary>
    public static bool IsOpen(int descriptor)
    {
        const int getDescriptorFlags = 1;
        return fcntl(descriptor, getDescriptorFlags, 0) >= 0;
    }

    /// <summary>dup2(2): makes one descriptor refer to the open file of another.</summary>
    public static bool Duplicate(int descriptor, int onto) => dup2(descriptor, onto) == onto;

    /// <summary>_exit(2): ends the process at once with a status.</summary>
    public static void EndProcess(int status) => _exit(status);

    /// <summary>gettid(2): the calling thread's number in /proc. Linux only.</summary>
    public static int CurrentThreadId()
    {
        try
        {
            return gettid();
        }
        catch (EntryPointNotFoundException)
        {
            // glibc before 2.30 has no function for it. The link's target is PID/task/TID.
            FileSystemInfo? thread = File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false);
            return int.TryParse(thread?.Name, System.Globalization.CultureInfo.InvariantCulture, out int id) ? id : 0;
        }
    }

    /// <summary>getppid(2): the process that has started this one.</summary>
    public static int ParentId() => getppid();

    /// <summary>close(2).</summary>
    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>
    /// F_SETPIPE_SZ of fcntl(2): asks for a bigger pipe. Linux only, also because the last argument of fcntl is variadic, and
    /// macOS passes such an argument in a different way.
    /// </summary>
    public static void SetPipeSize(nint descriptor, int bytes)
    {
        const int setPipeSize = 1031;
        if (OperatingSystem.IsLinux())
        {
            // If it is refused, the pipe keeps its 64 KiB, which is mostly enough.
            _ = fcntl((int)descriptor, setPipeSize, bytes);
        }
    }

    /// <summary>write(2).</summary>
    /// <returns>How many bytes were written; 0: try again; negative: nobody reads.</returns>
    public static unsafe int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        int again = OperatingSystem.IsMacOS() ? 35 : 11;
        fixed (byte* start = bytes)
        {
            int written = (int)write(descriptor, start, (nuint)bytes.Length);
            return written >= 0 ? written : Marshal.GetLastPInvokeError() is var error && (error == Interrupted || error == again) ? 0 : -1;
        }
    }

    /// <summary>poll(2): waits until a pipe takes at least PIPE_BUF bytes (4096 on Linux, 512 elsewhere) without blocking.</summary>
    /// <returns>False: the time is up.</returns>
    public static bool WaitWritable(nint descriptor, TimeSpan timeout)
    {
        const short pollOut = 4;
        long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            PollDescriptor poll = new() { Descriptor = (int)descriptor, Events = pollOut };
            int ready = LibC.poll(ref poll, 1, (int)Math.Max(0, end - Environment.TickCount64));
            if (ready >= 0 || Marshal.GetLastPInvokeError() != Interrupted)
            {
                return ready != 0;
            }
        }
    }

    /// <summary>waitid(2) on a child: waits for its end and leaves it as a zombie, so that its id is not reused.</summary>
    /// <returns>False: there is no such child.</returns>
    public static bool WaitEnded(int processId)
    {
        const int byProcessId = 1;
        const int exited = 4;
        int keepZombie = OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;
        byte[] information = new byte[256];
        while (true)
        {
            if (waitid(byProcessId, processId, information, exited | keepZombie) == 0)
            {
                return true;
            }

            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return false;
            }
        }
    }

    /// <summary>waitpid(2) on a child that has ended.</summary>
    /// <returns>Its raw status; null: somebody else has reaped it.</returns>
    public static int? Reap(int processId) => waitpid(processId, out int status, 0) == processId ? status : null;

#pragma warning disable SYSLIB1054, IDE1006 // Blittable; and the C library's own names.
    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int processId, int signalNumber);

    [DllImport("libc")]
    private static extern int raise(int signalNumber);

    [DllImport("libc")]
    private static extern nint signal(int signalNumber, nint handler);

    [DllImport("libc", SetLastError = true)]
    private static extern int isatty(int descriptor);

    [DllImport("libc")]
    private static extern int dup2(int descriptor, int onto);

    [DllImport("libc")]
    private static extern void _exit(int status);

    [DllImport("libc")]
    private static extern int gettid();

    [DllImport("libc")]
    private static extern int getppid();

    [DllImport("libc")]
    private static extern int close(int descriptor);

    [DllImport("libc")]
    private static extern int fcntl(int descriptor, int command, int argument);

    [DllImport("libc", SetLastError = true)]
    private static extern unsafe nint write(int descriptor, byte* bytes, nuint count);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    private static extern int waitid(int idType, int id, byte[] information, int options);

    [DllImport("libc")]
    private static extern int waitpid(int processId, out int status, int options);
#pragma warning restore SYSLIB1054, IDE1006

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
