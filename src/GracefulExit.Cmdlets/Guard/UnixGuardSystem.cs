using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GracefulExit.Native;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>A guard on Linux and macOS.</summary>
/// <remarks>
/// The guard leads a session of its own, so that what a terminal or a script sends to a process group passes it by. What
/// is sent to it alone or to all (a service manager, pkill) is blocked from its start on; exit blocks run with the
/// signals unblocked, because their children inherit that, and from then on handlers swallow them: an exit block is
/// interrupted by SIGKILL only.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixGuardSystem : IGuardSystem
{
    /// <summary>The guard's number for its end of the pipe: the first behind the standard ones.</summary>
    private const int PipeDescriptor = 3;

    /// <summary>The number under which a guard gets its owner's standard output, to be put in its place when there is something to say.</summary>
    private const int OutputDescriptor = 4;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan OwnerPoll = TimeSpan.FromMilliseconds(5);

    private PosixSignalRegistration[] _registrations = [];

    /// <summary>A pipe that poll(2) calls writable takes so much without blocking: PIPE_BUF.</summary>
    public int ChunkSize { get; } = OperatingSystem.IsLinux() ? 4096 : 512;

    /// <summary>XDG base directories.</summary>
    public string StateDirectory => Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set)
        ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");

    public IGuardPipe CreatePipe() => new UnixGuardPipe();

    // SIGTERM and the like stay pending in the guard from its first instruction on, so that there is no moment in which one could
    // end it.
    public IChildProcess Start(string path, IEnumerable<string> arguments, Dictionary<string, string> environment, IGuardPipe pipe) =>
        SpawnedProcess.Start(
            path, arguments, environment, [(pipe.Reader.DangerousGetHandle(), PipeDescriptor), (1, OutputDescriptor)], Signal.Allowed);

    public void StandFast()
    {
        // It does from its start on.
    }

    public SafeFileHandle OpenPipe() => new(PipeDescriptor, ownsHandle: true);

    /// <summary>
    /// The pipe ends with the owner, and with a program that has replaced it (exec): that one still works with what the exit blocks
    /// would clean up. As long as either lives it is this process's parent; once it is dead, that is another.
    /// </summary>
    public void WaitForOwner(int ownerId)
    {
        while (LibC.ParentId() == ownerId)
        {
            Thread.Sleep(OwnerPoll);
        }
    }

    public void TakeOver()
    {
        _registrations = [.. Signal.Allowed.Select(signal => PosixSignalRegistration.Create(signal.Posix, Swallow))];
        SignalSet.Unblock(Signal.Allowed);
        LibC.Duplicate(OutputDescriptor, 1);
        LibC.Close(OutputDescriptor);
    }

    /// <summary>Adds to a file if that is a regular one of this user's; it is readable by nobody else afterwards.</summary>
    public void AppendPrivately(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
        using SafeFileHandle file = Open(path);
        if (!file.IsInvalid && GuardNative.IsOwnFile(file))
        {
            // Also for a file that was there, with whatever mode; refused for another user's.
            File.SetUnixFileMode(file, OwnerOnly);
            RandomAccess.Write(file, bytes, RandomAccess.GetLength(file));
        }
    }

    public void End(int status) => Environment.Exit(status);

    /// <summary>Made new, or opened if it is there; a link is neither.</summary>
    private static SafeFileHandle Open(string path)
    {
        try
        {
            using FileStream created = new(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = OwnerOnly,
            });
        }
        catch (IOException)
        {
            // It is there.
        }

        return GuardNative.OpenForAppending(path);
    }

    /// <summary>
    /// Behind the handler of SIGINT and SIGQUIT stands the shell's own, which would stop the exit block; it gets its turn
    /// when this one returns, and these two have a thread of their own to wait on.
    /// </summary>
    private static void Swallow(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
