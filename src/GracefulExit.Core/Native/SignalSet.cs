using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>A set of signals as the C library keeps it; sigsetops(3).</summary>
internal static class SignalSet
{
    /// <summary>sigset_t is 128 bytes on Linux, 4 on macOS.</summary>
    private const int Size = 128;

    public static byte[] Of(IEnumerable<Signal> signals)
    {
        byte[] set = new byte[Size];
        _ = sigemptyset(set);
        foreach (Signal signal in signals)
        {
            _ = sigaddset(set, signal.Number);
        }

        return set;
    }

    /// <summary>Unblocks signals that the calling thread has blocked since the process began.</summary>
    public static void Unblock(IEnumerable<Signal> signals)
    {
        int unblock = OperatingSystem.IsMacOS() ? 2 : 1;
        _ = pthread_sigmask(unblock, Of(signals), 0);
    }

#pragma warning disable SYSLIB1054, IDE1006 // Blittable; and the C library's own names.
    [DllImport("libc")]
    private static extern int sigemptyset(byte[] set);

    [DllImport("libc")]
    private static extern int sigaddset(byte[] set, int signalNumber);

    [DllImport("libc")]
    private static extern int pthread_sigmask(int how, byte[] set, nint previous);
#pragma warning restore SYSLIB1054, IDE1006
}
