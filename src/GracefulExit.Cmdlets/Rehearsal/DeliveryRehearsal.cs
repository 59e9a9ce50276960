using System.Runtime.InteropServices;
using GracefulExit.Native;

namespace GracefulExit.Rehearsal;

/// <summary>
/// Has .NET deliver a signal once that means nothing: the first delivery in a process makes its signal thread known to the
/// runtime and prepares what calls the handlers, which takes half a millisecond.
/// </summary>
/// <remarks>
/// SIGURG is ignored by default (signal(7)) and is sent to the calling thread alone (raise(3)), so that no call of the user's
/// is interrupted by it. If the process has inherited it as ignored, it stays ignored and nothing is rehearsed.
/// Threads: the rehearsal's; the handler runs on a thread of .NET's.
/// </remarks>
internal static class DeliveryRehearsal
{
    private static readonly TimeSpan DeliveryTime = TimeSpan.FromSeconds(1);

    private static int Urgent => OperatingSystem.IsMacOS() ? 16 : 23;

    public static void Run()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using ManualResetEventSlim delivered = new();
        using (PosixSignalRegistration.Create((PosixSignal)Urgent, _ => delivered.Set()))
        {
            LibC.Raise(Urgent);
            delivered.Wait(DeliveryTime);
        }
    }
}
