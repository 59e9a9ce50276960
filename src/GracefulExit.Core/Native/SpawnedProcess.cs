using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>
/// A child that leads its own session and has signals blocked from its first instruction, which
/// <see cref="System.Diagnostics.Process"/> can't do: posix_spawn(3).
/// </summary>
/// <remarks>
/// <para>
/// Threads: <see cref="WaitForEnd"/> on one thread; <see cref="Kill"/> on any. Both reap or signal the child under
/// <see cref="_gate"/>: its id can't be reused until it is reaped.
/// </para>
/// <para>.NET reaps children that its own Process class has started, and no others, except as process 1.</para>
/// </remarks>
internal sealed class SpawnedProcess : IChildProcess
{
    private const int SigKill = 9;

    /// <summary>Big enough for posix_spawnattr_t and posix_spawn_file_actions_t, which have at most 336 and 80 bytes.</summary>
    private const int OpaqueSize = 1024;

    private readonly object _gate = new();
    private bool _isReaped;

    private SpawnedProcess(int id) => Id = id;

    public int Id { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="arguments">Its arguments, without its own name.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="descriptors">What it gets besides standard error. Standard input is empty, standard output is discarded.</param>
    /// <param name="blocked">The signals that are blocked in it.</param>
    /// <exception cref="Win32Exception">It can't be started.</exception>
    public static SpawnedProcess Start(
        string path,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        IEnumerable<InheritedDescriptor> descriptors,
        IEnumerable<Signal> blocked)
    {
        const int readOnly = 0;
        const int writeOnly = 1;
        byte[] actions = new byte[OpaqueSize];
        byte[] attributes = new byte[OpaqueSize];
        Check(posix_spawn_file_actions_init(actions));
        Check(posix_spawnattr_init(attributes));
        try
        {
            foreach (InheritedDescriptor descriptor in descriptors)
            {
                // All our other descriptors are closed in the child: .NET opens its files close-on-exec.
                Check(posix_spawn_file_actions_adddup2(actions, (int)descriptor.Ours, descriptor.Theirs));
            }

            // Duplicate first: standard output may be among them.
            Check(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", readOnly, 0));
            Check(posix_spawn_file_actions_addopen(actions, 1, "/dev/null", writeOnly, 0));
            Check(posix_spawnattr_setsigmask(attributes, SignalSet.Of(blocked)));
            Check(posix_spawnattr_setflags(attributes, (short)(SetSignalMask | SetSession)));
            Check(posix_spawn(
                out int id,
                path,
                actions,
                attributes,
                [path, .. arguments, null],
                Entries(environment)));
            return new SpawnedProcess(id);
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    private static string?[] Entries(IReadOnlyDictionary<string, string> environment)
    {
        List<string?> entries = new(environment.Count + 1);
        foreach ((string name, string value) in environment)
        {
            entries.Add($"{name}={value}");
        }

        return [.. entries, null];
    }

    /// <summary>Sends SIGKILL, if it still runs.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            if (!_isReaped)
            {
                LibC.Kill(Id, SigKill);
            }
        }
    }

    /// <summary>Waits for its end and reaps it.</summary>
    /// <returns>How it ended, for a message.</returns>
    public string WaitForEnd()
    {
        LibC.WaitEnded(Id);
        lock (_gate)
        {
            _isReaped = true;
            return Describe(LibC.Reap(Id));
        }
    }

    /// <summary>The status of wait(2) has the signal in the lowest 7 bits, otherwise the exit status in the next 8. Null: somebody else has reaped it.</summary>
    private static string Describe(int? status) => status switch
    {
        null => "?",
        { } ended when (ended & 0x7f) != 0 => $"signal {ended & 0x7f}",
        { } ended => $"status {(ended >> 8) & 0xff}",
    };

    /// <summary>These functions return the error number.</summary>
    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    // <spawn.h>: the flags have the same meaning but different values on the two systems.
    private static int SetSignalMask => 8;

    private static int SetSession => OperatingSystem.IsMacOS() ? 0x400 : 0x80;

#pragma warning disable SYSLIB1054, IDE1006, CA2101 // Nearly blittable, and on Unix a string is UTF-8 (LPStr too); the C library's own names.
    [DllImport("libc")]
    private static extern int posix_spawn(
        out int processId,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        byte[] actions,
        byte[] attributes,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] environment);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_init(byte[] actions);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_destroy(byte[] actions);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_adddup2(byte[] actions, int from, int to);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_addopen(
        byte[] actions, int descriptor, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

    [DllImport("libc")]
    private static extern int posix_spawnattr_init(byte[] attributes);

    [DllImport("libc")]
    private static extern int posix_spawnattr_destroy(byte[] attributes);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setsigmask(byte[] attributes, byte[] set);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setflags(byte[] attributes, short flags);
#pragma warning restore SYSLIB1054, IDE1006, CA2101
}
