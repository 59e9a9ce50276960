using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Native;

/// <summary>
/// A terminal that is gone: every write to it fails, and a shell that tries to report the failure there aborts in the middle of
/// an exit block. So its descriptors are replaced by /dev/null (row C15).
/// </summary>
/// <remarks>Threads: the thread of a SIGHUP, which the kernel sends once the terminal has been hung up; tty_ioctl(4).</remarks>
internal static class HungUpTerminal
{
    /// <returns>Whether the terminal was gone.</returns>
    public static bool Replace()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        SafeFileHandle? nowhere = null;
        foreach (int descriptor in OpenDescriptors().Where(LibC.IsHungUpTerminal))
        {
            // dup2 is atomic: a concurrent write goes to one or the other.
            nowhere ??= File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
            LibC.Duplicate((int)nowhere.DangerousGetHandle(), descriptor);
        }

        nowhere?.Dispose();
        return nowhere is not null;
    }

    /// <summary>.NET's console writes to duplicates of 1 and 2, so replacing 0, 1 and 2 is not enough.</summary>
    private static int[] OpenDescriptors() =>
        [.. Directory.EnumerateFileSystemEntries(OperatingSystem.IsLinux() ? "/proc/self/fd" : "/dev/fd")
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
}
