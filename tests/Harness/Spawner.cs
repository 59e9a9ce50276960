using System.Runtime.InteropServices;

namespace GracefulExit.Tests.Harness;

/// <summary>Starts processes with <c>posix_spawn</c>.</summary>
/// <remarks>
/// <see cref="System.Diagnostics.Process"/> is not enough: its children inherit this process's signal dispositions, and it
/// does not distinguish a child killed by SIGTERM from one that exits with 143.
/// </remarks>
internal static unsafe class Spawner
{
    // More than any C library needs for its opaque structures (glibc: 336, 80 and 128 bytes).
    private const int OpaqueSize = 1024;

    /// <summary>Starts a child in a session of its own, with default dispositions except for the ignored signals.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="input">What becomes descriptor 0: a descriptor, or a path if it is -1.</param>
    /// <param name="inputPath">Opened as descriptor 0 if <paramref name="input"/> is -1.</param>
    /// <param name="output">Becomes descriptor 1; -1: the same as 0.</param>
    /// <param name="error">Becomes descriptor 2; -1: the same as 0.</param>
    /// <returns>The process id, which is the id of its group and session too.</returns>
    public static int Spawn(ShellStart start, int input, string inputPath, int output, int error)
    {
        var attributes = stackalloc byte[OpaqueSize];
        var actions = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[OpaqueSize];
        NativeError.CheckNumber(LibC.AttributesInit(attributes), "posix_spawnattr_init");
        NativeError.CheckNumber(LibC.ActionsInit(actions), "posix_spawn_file_actions_init");
        try
        {
            // A session of its own, with or without a terminal: otherwise the child would share the terminal
            // from which the tests were started.
            var flags = (short)(LibC.SpawnSetSession | LibC.SpawnSetSignalDefaults | LibC.SpawnSetSignalMask);
            if (OperatingSystem.IsMacOS())
            {
                flags |= LibC.SpawnCloseOnExecDefault;
            }

            NativeError.CheckNumber(LibC.AttributesSetFlags(attributes, flags), "posix_spawnattr_setflags");
            _ = LibC.SignalSetFill(signals);
            _ = LibC.SignalSetRemove(signals, Signals.Number("SIGKILL"));
            _ = LibC.SignalSetRemove(signals, Signals.Number("SIGSTOP"));
            NativeError.CheckNumber(LibC.AttributesSetSignalDefaults(attributes, signals), "posix_spawnattr_setsigdefault");
            _ = LibC.SignalSetEmpty(signals);
            NativeError.CheckNumber(LibC.AttributesSetSignalMask(attributes, signals), "posix_spawnattr_setsigmask");

            if (input >= 0)
            {
                NativeError.CheckNumber(LibC.ActionsAddDuplicate(actions, input, 0), "posix_spawn_file_actions_adddup2");
            }
            else
            {
                // A session leader without a terminal gets the first one that it opens as its controlling terminal.
                NativeError.CheckNumber(LibC.ActionsAddOpen(actions, 0, inputPath, LibC.OpenReadWrite, 0), "posix_spawn_file_actions_addopen");
            }

            NativeError.CheckNumber(LibC.ActionsAddDuplicate(actions, output >= 0 ? output : 0, 1), "posix_spawn_file_actions_adddup2");
            NativeError.CheckNumber(LibC.ActionsAddDuplicate(actions, error >= 0 ? error : 0, 2), "posix_spawn_file_actions_adddup2");
            if (start.WorkingDirectory is { } directory)
            {
                NativeError.CheckNumber(LibC.ActionsAddChangeDirectory(actions, directory), "posix_spawn_file_actions_addchdir_np");
            }

            return Spawn(start, actions, attributes);
        }
        finally
        {
            _ = LibC.ActionsDestroy(actions);
            _ = LibC.AttributesDestroy(attributes);
        }
    }

    private static int Spawn(ShellStart start, byte* actions, byte* attributes)
    {
        string file = start.FileName;
        List<string> arguments = [file, .. start.Arguments];
        if (start.Ignored.Count > 0)
        {
            // posix_spawn can reset dispositions but not ignore signals; sh can, and exec keeps the process id.
            var names = start.Ignored.Select(name => name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name);
            arguments = ["sh", "-c", $"trap '' {string.Join(' ', names)}; exec \"$0\" \"$@\"", .. arguments];
            file = "/bin/sh";
        }

        var environment = start.Environment ?? CurrentEnvironment.Variables();
        var argumentBlock = Block(arguments);
        var environmentBlock = Block([.. environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        try
        {
            fixed (nint* argumentPointer = argumentBlock, environmentPointer = environmentBlock)
            {
                int error = LibC.Spawn(out int pid, file, actions, attributes, argumentPointer, environmentPointer);
                NativeError.CheckNumber(error, $"posix_spawn of '{start.FileName}'");
                return pid;
            }
        }
        finally
        {
            Free(argumentBlock);
            Free(environmentBlock);
        }
    }

    // A null-terminated array of C strings.
    private static nint[] Block(List<string> texts)
    {
        var block = new nint[texts.Count + 1];
        for (int i = 0; i < texts.Count; i++)
        {
            block[i] = Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return block;
    }

    private static void Free(nint[] block)
    {
        foreach (nint text in block)
        {
            Marshal.FreeCoTaskMem(text);
        }
    }
}
