using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GracefulExit.Native;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>A guard on Windows.</summary>
/// <remarks>
/// The guard has its own console, so that Ctrl+C and closing the owner's window do not reach it, and it leaves the owner's job
/// where that is allowed. It inherits the pipe, a handle of the owner to wait for and, if that is a file or a pipe, the owner's
/// standard output; <see cref="HandlesVariable"/> has the numbers of these handles. A console can't be passed on: nobody sees
/// what exit blocks would write to it.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed class WindowsGuardSystem : IGuardSystem
{
    /// <summary>Tells the guard which handles it has inherited. Exit blocks do not see it: they run in the owner's environment.</summary>
    private const string HandlesVariable = "GRACEFULEXIT_GUARD_HANDLES";

    /// <summary>How long to wait for the owner's end: once its handles are closed it has nearly ended, but the system may be slow.</summary>
    private static readonly TimeSpan OwnerTimeout = TimeSpan.FromSeconds(5);

    private readonly Lazy<Handles> _inherited = new(Handles.Read);
    private PosixSignalRegistration[] _registrations = [];

    public int ChunkSize => 4096;

    public string StateDirectory => Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);

    public IGuardPipe CreatePipe() => new WindowsGuardPipe();

    public IChildProcess Start(string path, IEnumerable<string> arguments, Dictionary<string, string> environment, IGuardPipe pipe)
    {
        using Process owner = Process.GetCurrentProcess();
        using SafeFileHandle? output = WindowsProcess.GetStandardOutput();
        Handles handles = new(
            pipe.Reader.DangerousGetHandle(), owner.SafeHandle.DangerousGetHandle(), output?.DangerousGetHandle() ?? Handles.None);
        environment[HandlesVariable] = handles.ToString();
        SafeHandle[] inherited = output is null ? [pipe.Reader, owner.SafeHandle] : [pipe.Reader, owner.SafeHandle, output];

        // Not the user's directory: that could not be deleted while the guard runs.
        return WindowsProcess.Start(path, arguments, environment, AppContext.BaseDirectory, inherited);
    }

    /// <summary>
    /// Every process is told of the session's end, and Windows ends it when its handler returns. So this handler does not return,
    /// and the guard runs as long as Windows lets it.
    /// </summary>
    public void StandFast() =>
        _registrations = [.. Signal.Allowed.Select(static signal => PosixSignalRegistration.Create(signal.Posix, Swallow))];

    public SafeFileHandle OpenPipe() => new(_inherited.Value.Pipe, ownsHandle: true);

    /// <summary>Windows closes the owner's handles one by one: the files that an exit block will delete may be closed after the pipe.</summary>
    public void WaitForOwner(int ownerId)
    {
        using SafeWaitHandle owner = new(_inherited.Value.Owner, ownsHandle: true);
        using EventWaitHandle end = new(initialState: false, EventResetMode.ManualReset) { SafeWaitHandle = owner };
        _ = end.WaitOne(OwnerTimeout);
    }

    public void TakeOver()
    {
        if (_inherited.Value.Output is var output and not Handles.None)
        {
            WindowsProcess.SetStandardOutput(output);
        }
    }

    /// <summary>Only the user can read a directory in the user's profile and the files in it.</summary>
    public void AppendPrivately(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(bytes);
    }

    /// <summary>Bypasses the shell's own end, which would wait for a handler that has not returned.</summary>
    public void End(int status) => CurrentProcess.End(status);

    private static void Swallow(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal is PosixSignal.SIGHUP or PosixSignal.SIGTERM)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }

    /// <summary>The numbers of the inherited handles. They are the same in both processes.</summary>
    private sealed record Handles(nint Pipe, nint Owner, nint Output)
    {
        public const nint None = 0;

        public static Handles Read()
        {
            nint[] numbers = [.. (Environment.GetEnvironmentVariable(HandlesVariable) ?? string.Empty)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(static number => nint.Parse(number, CultureInfo.InvariantCulture))];
            return numbers is [var pipe, var owner, var output]
                ? new Handles(pipe, owner, output)
                : throw new InvalidDataException(Messages.GuardVersionDiffers);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pipe} {Owner} {Output}");
    }
}
