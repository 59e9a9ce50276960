using System.Runtime.InteropServices;

namespace GracefulExit.Platform;

/// <summary>What the C library offers and .NET does not. Unix only.</summary>
internal static class LibC
{
    /// <summary>SIG_DFL of signal(2).</summary>
    public const nint DefaultDisposition = 0;

    /// <summary>EIO of errno(3), the same number on Linux and macOS.</summary>
    private const int InputOutputError = 5;

    /// <summary>kill(2): sends a signal to a process.</summary>
    /// <returns>Whether it was sent; false, mostly, because the process is gone.</returns>
    public static bool Kill(int processId, int signalNumber) => kill(processId, signalNumber) == 0;

    /// <summary>signal(2): gives a signal its default effect again.</summary>
    public static void ResetDisposition(int signalNumber) => signal(signalNumber, DefaultDisposition);

    /// <summary>isatty(3) with EIO: a terminal that has been hung up.</summary>
    public static bool IsHungUpTerminal(int descriptor) => isatty(descriptor) == 0 && Marshal.GetLastPInvokeError() == InputOutputError;

    /// <summary>dup2(2): makes one descriptor another name of an open file.</summary>
    public static bool Duplicate(int descriptor, int onto) => dup2(descriptor, onto) == onto;

    /// <summary>gettid(2): the calling thread's number in /proc. Linux only.</summary>
    public static int CurrentThreadId() => gettid();

#pragma warning disable SYSLIB1054, IDE1006 // Blittable; and the C library's own names.
    [DllImport("libc")]
    private static extern int kill(int processId, int signalNumber);

    [DllImport("libc")]
    private static extern nint signal(int signalNumber, nint handler);

    [DllImport("libc", SetLastError = true)]
    private static extern int isatty(int descriptor);

    [DllImport("libc")]
    private static extern int dup2(int descriptor, int onto);

    [DllImport("libc")]
    private static extern int gettid();
#pragma warning restore SYSLIB1054, IDE1006
}
