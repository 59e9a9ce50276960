using System.Runtime.InteropServices;

namespace GracefulExit.Platform;

/// <summary>What the C library offers and .NET does not. Unix only.</summary>
internal static class LibC
{
    /// <summary>SIG_DFL of signal(2).</summary>
    public const nint DefaultDisposition = 0;

    /// <summary>kill(2): sends a signal to a process.</summary>
    /// <returns>Whether it was sent; false, mostly, because the process is gone.</returns>
    public static bool Kill(int processId, int signalNumber) => kill(processId, signalNumber) == 0;

    /// <summary>signal(2): gives a signal its default effect again.</summary>
    public static void ResetDisposition(int signalNumber) => signal(signalNumber, DefaultDisposition);

    /// <summary>gettid(2): the calling thread's number in /proc. Linux only.</summary>
    public static int CurrentThreadId() => gettid();

#pragma warning disable SYSLIB1054, IDE1006 // Blittable; and the C library's own names.
    [DllImport("libc")]
    private static extern int kill(int processId, int signalNumber);

    [DllImport("libc")]
    private static extern nint signal(int signalNumber, nint handler);

    [DllImport("libc")]
    private static extern int gettid();
#pragma warning restore SYSLIB1054, IDE1006
}
