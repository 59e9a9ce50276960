using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Tests.Harness;

/// <summary>The master side of a pseudo-terminal with default settings.</summary>
internal sealed unsafe class PseudoTerminal : IDisposable
{
    // ptsname returns a buffer of the C library's.
    private static readonly Lock NameLock = new();

    public PseudoTerminal(TerminalSize wanted)
    {
        int flags = LibC.OpenReadWrite | LibC.OpenNoControllingTerminal;
        int descriptor = LibC.OpenTerminal(OperatingSystem.IsMacOS() ? flags : flags | LibC.OpenCloseOnExec);
        Master = Pipe.Handle(NativeError.Check(descriptor, "posix_openpt"));
        NativeError.Check(LibC.GrantTerminal(Master), "grantpt");
        NativeError.Check(LibC.UnlockTerminal(Master), "unlockpt");
        lock (NameLock)
        {
            Name = Marshal.PtrToStringUTF8(LibC.TerminalName(Master)) ?? throw new InvalidOperationException("ptsname failed.");
        }

        var size = new LibC.WindowSize { Columns = (ushort)wanted.Columns, Rows = (ushort)wanted.Rows };
        _ = LibC.SetWindowSize(Master, &size);
    }

    public SafeFileHandle Master { get; }

    /// <summary>The path of the side that the child opens.</summary>
    public string Name { get; }

    public void Dispose() => Master.Dispose();
}
