using GracefulExit.Native;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Unit.Native;

public sealed class LibCTests
{
    // On macOS a descriptor that is closed and that of a revoked terminal give the same error: this tells them apart.
    [Fact]
    public void A_descriptor_is_open_or_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it has no C library of this kind");
        const int beyondEveryLimit = 2_000_000_000;
        using SafeFileHandle file = File.OpenHandle(typeof(LibCTests).Assembly.Location);
        Assert.True(LibC.IsOpen((int)file.DangerousGetHandle()));
        Assert.False(LibC.IsOpen(beyondEveryLimit));
        Assert.False(LibC.IsHungUpTerminal(beyondEveryLimit));
        Assert.False(LibC.IsHungUpTerminal((int)file.DangerousGetHandle()));
    }
}
