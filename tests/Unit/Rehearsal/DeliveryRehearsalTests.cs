using System.Runtime.InteropServices;
using GracefulExit.Rehearsal;

namespace GracefulExit.Unit.Rehearsal;

/// <summary>The rehearsed delivery is a real one, of a signal that means nothing.</summary>
public sealed class DeliveryRehearsalTests
{
    [Fact]
    public async Task Delivers_SIGURG_and_unregisters_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals there");
        int delivered = 0;
        PosixSignal urgent = (PosixSignal)(OperatingSystem.IsMacOS() ? 16 : 23);
        using (PosixSignalRegistration.Create(urgent, _ => Interlocked.Increment(ref delivered)))
        {
            // The older handler, this one, runs after the rehearsal's.
            await Task.Run(DeliveryRehearsal.Run, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref delivered) == 1, TimeSpan.FromSeconds(10)));
        }

        // Nobody listens any more: it is ignored, as it is by default, and this process lives.
        DeliveryRehearsal.Run();
        Assert.Equal(1, delivered);
    }
}
