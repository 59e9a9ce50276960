using System.Runtime.InteropServices;

namespace GracefulExit.Bench.Measuring;

/// <summary>The processor time of children that have ended and been waited for, threads that have ended included.</summary>
internal static unsafe partial class ChildTime
{
    private const int Children = -1;

    /// <summary>User and system time of all of them so far.</summary>
    public static TimeSpan Total
    {
        get
        {
            // struct rusage: two struct timeval, then fourteen long.
            long* usage = stackalloc long[32];
            if (GetUsage(Children, usage) != 0)
            {
                throw new InvalidOperationException("getrusage failed.");
            }

            // macOS: 32 bits of microseconds.
            return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds((int)usage[1] + (int)usage[3]);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, long* usage);
}
