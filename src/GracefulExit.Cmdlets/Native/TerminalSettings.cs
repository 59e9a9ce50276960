using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>
/// The settings of the terminal at standard input: echo, line editing, which keys send signals. A prompt that is cut off by
/// the end of the process would leave the terminal without them; termios(3).
/// </summary>
/// <remarks>Threads: any. Nothing on Windows, where a console belongs to nobody's settings.</remarks>
internal sealed class TerminalSettings
{
    /// <summary>Big enough for struct termios: 60 bytes on Linux, 72 on macOS.</summary>
    private const int Size = 256;

    private readonly byte[] _settings;

    private TerminalSettings(byte[] settings) => _settings = settings;

    /// <returns>Null: standard input is no terminal.</returns>
    public static TerminalSettings? TryRead()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        byte[] settings = new byte[Size];
        return tcgetattr(0, settings) == 0 ? new TerminalSettings(settings) : null;
    }

    /// <summary>Gives the terminal these settings again, if it is still there.</summary>
    public void Restore()
    {
        // From the background it would stop this process by SIGTTOU, which is ignored by .NET's own restoring too.
        const int now = 0;
        if (tcgetpgrp(0) == getpgrp())
        {
            _ = tcsetattr(0, now, _settings);
        }
    }

#pragma warning disable SYSLIB1054, IDE1006 // Blittable; and the C library's own names.
    [DllImport("libc")]
    private static extern int tcgetattr(int descriptor, byte[] settings);

    [DllImport("libc")]
    private static extern int tcsetattr(int descriptor, int when, byte[] settings);

    [DllImport("libc")]
    private static extern int tcgetpgrp(int descriptor);

    [DllImport("libc")]
    private static extern int getpgrp();
#pragma warning restore SYSLIB1054, IDE1006
}
