using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Tests.Harness;

/// <summary>The C library calls that .NET has no class for.</summary>
internal static unsafe partial class LibC
{
    public const int NoSuchProcess = 3;
    public const int Interrupted = 4;
    public const int NoChild = 10;

    public const int OpenReadWrite = 2;
    public const int OpenReadOnly = 0;
    public const int OpenWriteOnly = 1;

    public const short PollIn = 1;

    public const int WaitExited = 4;
    public const int IdTypePid = 1;

    public static readonly int OpenNoControllingTerminal = OperatingSystem.IsMacOS() ? 0x20000 : 0x100;
    public static readonly int OpenAppend = OperatingSystem.IsMacOS() ? 0x8 : 0x400;
    public static readonly int OpenCloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    public static readonly int WaitNoReap = OperatingSystem.IsMacOS() ? 0x20 : 0x1000000;
    public static readonly short SpawnSetSession = OperatingSystem.IsMacOS() ? (short)0x400 : (short)0x80;

    public const short SpawnSetSignalDefaults = 0x04;
    public const short SpawnSetSignalMask = 0x08;

    /// <summary>macOS only: descriptors without a file action are closed in the child.</summary>
    public const short SpawnCloseOnExecDefault = 0x4000;

    private static readonly int DuplicateCloseOnExec = OperatingSystem.IsMacOS() ? 67 : 1030;
    private static readonly nuint SetWindowSizeRequest = OperatingSystem.IsMacOS() ? 0x80087467 : 0x5414;

    // Apple's ABI for arm64 passes variadic arguments on the stack only: six more fill the registers.
    private static readonly bool VariadicOnStack =
        OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, int id, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    public static partial int Pipe(int* descriptors);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe2(int* descriptors, int flags);

    /// <summary>Opens an existing file: creating one would need a third, variadic argument.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantTerminal(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockTerminal(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname", SetLastError = true)]
    public static partial nint TerminalName(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Spawn(out int pid, string file, void* actions, void* attributes, nint* arguments, nint* environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int AttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int AttributesDestroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int AttributesSetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int AttributesSetSignalDefaults(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int AttributesSetSignalMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int ActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int ActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ActionsAddOpen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int ActionsAddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ActionsAddChangeDirectory(void* actions, string path);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int SignalSetEmpty(void* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial int SignalSetFill(void* signals);

    [LibraryImport("libc", EntryPoint = "sigdelset")]
    public static partial int SignalSetRemove(void* signals, int signal);

    /// <summary>A close-on-exec duplicate of <paramref name="descriptor"/>, at least <paramref name="minimum"/>.</summary>
    public static int Duplicate(int descriptor, int minimum) => VariadicOnStack
        ? FileControl(descriptor, DuplicateCloseOnExec, 0, 0, 0, 0, 0, 0, minimum)
        : FileControl(descriptor, DuplicateCloseOnExec, minimum);

    /// <summary>Sets the window size of a terminal.</summary>
    public static int SetWindowSize(SafeFileHandle master, WindowSize* size) => VariadicOnStack
        ? DeviceControl(master, SetWindowSizeRequest, 0, 0, 0, 0, 0, 0, size)
        : DeviceControl(master, SetWindowSizeRequest, size);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int descriptor, int command, nint a, nint b, nint c, nint d, nint e, nint f, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int DeviceControl(SafeFileHandle descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int DeviceControl(SafeFileHandle descriptor, nuint request, nint a, nint b, nint c, nint d, nint e, nint f, void* argument);

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary><c>struct winsize</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
