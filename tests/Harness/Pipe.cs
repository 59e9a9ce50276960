using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Tests.Harness;

/// <summary>A pipe; neither end is inherited by a child unless a file action says so.</summary>
internal sealed unsafe class Pipe : IDisposable
{
    public Pipe()
    {
        var ends = stackalloc int[2];
        NativeError.Check(OperatingSystem.IsMacOS() ? LibC.Pipe(ends) : LibC.Pipe2(ends, LibC.OpenCloseOnExec), "pipe");
        Reader = Handle(ends[0]);
        Writer = Handle(ends[1]);
    }

    public SafeFileHandle Reader { get; }

    public SafeFileHandle Writer { get; }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    /// <summary>Owns a descriptor, and moves it away from 0, 1 and 2 if this process was started without them.</summary>
    public static SafeFileHandle Handle(int descriptor)
    {
        if (descriptor > 2 && !OperatingSystem.IsMacOS())
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        // On macOS, where pipe2 is missing, this sets close-on-exec too.
        int moved = NativeError.Check(LibC.Duplicate(descriptor, 3), "fcntl");
        _ = LibC.Close(descriptor);
        return new SafeFileHandle(moved, ownsHandle: true);
    }
}
