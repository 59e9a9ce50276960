using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GracefulExit.Native;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>A guard on Linux and macOS.</summary>
/// <remarks>
/// The guard leads its own session, so signals that a terminal or a script sends to a process group do not reach it. Signals
/// sent to it alone or to all processes (a service manager, pkill) are blocked from its start. Exit blocks run with signals
/// unblocked, because their children inherit the mask; handlers then swallow the signals, so only SIGKILL interrupts an exit
/// block.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixGuardSystem : IGuardSystem
{
    /// <summary>The guard's descriptor for its end of the pipe: the first after the standard ones.</summary>
    private const int PipeDescriptor = 3;

    /// <summary>The guard's descriptor for its owner's standard output, which becomes its own before it runs exit blocks.</summary>
    private const int OutputDescriptor = 4;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>After so many looks at an owner that should be about to end, another program must have replaced it.</summary>
    private const int OwnerPolls = 100;

    private static readonly TimeSpan OwnerPoll = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan ReplacedOwnerPoll = TimeSpan.FromMilliseconds(20);

    private PosixSignalRegistration[] _registrations = [];

    /// <summary>How much a pipe takes without blocking if poll(2) calls it writable: PIPE_BUF.</summary>
    public int ChunkSize { get; } = OperatingSystem.IsLinux() ? 4096 : 512;

    /// <summary>XDG base directories.</summary>
    public string StateDirectory => Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set)
        ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");

    public IGuardPipe CreatePipe() => new UnixGuardPipe();

    // SIGTERM and the like stay pending from the guard's first instruction, so that there is no moment in which one could end it.
    public IChildProcess Start(string path, IEnumerable<string> arguments, Dictionary<string, string> environment, IGuardPipe pipe) =>
        SpawnedProcess.Start(
            path, arguments, environment, [new(pipe.Reader.DangerousGetHandle(), PipeDescriptor), new(1, OutputDescriptor)], Signal.Allowed);

    public void StandFast()
    {
        // They are blocked from the start.
    }

    public SafeFileHandle OpenPipe() => new(PipeDescriptor, ownsHandle: true);

    /// <summary>
    /// The pipe also ends when another program replaces the owner (exec). That program still works with what the exit blocks
    /// would clean up. As long as either of them lives, it is this process's parent; afterwards the parent is another process.
    /// </summary>
    public void WaitForOwner(int ownerId)
    {
        for (int polls = 0; LibC.ParentId() == ownerId; polls++)
        {
            Thread.Sleep(polls < OwnerPolls ? OwnerPoll : ReplacedOwnerPoll);
        }
    }

    public void TakeOver()
    {
        _registrations = [.. Signal.Allowed.Select(signal => PosixSignalRegistration.Create(signal.Posix, Swallow))];
        SignalSet.Unblock(Signal.Allowed);
        LibC.Duplicate(OutputDescriptor, 1);
        LibC.Close(OutputDescriptor);
    }

    /// <summary>Appends to a file if it is a regular file of this user, and makes it readable by nobody else.</summary>
    public void AppendPrivately(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
        using SafeFileHandle file = Open(path);
        if (!file.IsInvalid && GuardNative.IsOwnFile(file))
        {
            // Also for an existing file, whatever its mode. Fails if it belongs to another user.
            File.SetUnixFileMode(file, OwnerOnly);
            RandomAccess.Write(file, bytes, RandomAccess.GetLength(file));
        }
    }

    public void End(int status) => Environment.Exit(status);

    /// <summary>Creates the file, or opens it if it exists. Does not follow a link.</summary>
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
            // It exists.
        }

        return GuardNative.OpenForAppending(path);
    }

    /// <summary>
    /// After our handler for SIGINT and SIGQUIT comes the shell's own, which would stop the exit block, so ours must not return.
    /// .NET runs the handlers of these two signals on a thread of their own, so it may wait.
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
