using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>
/// The settings of the terminal at standard input: echo, line editing, which keys send signals; termios(3). If the process
/// ended during a prompt, the terminal would be left with the prompt's settings.
/// </summary>
/// <remarks>Threads: any. Does nothing on Windows.</remarks>
internal sealed unsafe class TerminalSettings
{
    /// <summary>Big enough for struct termios: 60 bytes on Linux, 72 on macOS.</summary>
    private const int Size = 256;

    private readonly byte[] _settings;

    private TerminalSettings(byte[] settings) => _settings = settings;

    /// <returns>Null: standard input is not a terminal.</returns>
    public static TerminalSettings? TryRead()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        byte[] settings = new byte[Size];
        fixed (byte* address = settings)
        {
            return tcgetattr(0, address) == 0 ? new TerminalSettings(settings) : null;
        }
    }

    /// <summary>Restores these settings, if the terminal still exists.</summary>
    public void Restore()
    {
        // A process in the background would be stopped by SIGTTOU. .NET ignores it too when it restores its settings.
        const int now = 0;
        if (tcgetpgrp(0) == getpgrp())
        {
            fixed (byte* address = _settings)
            {
                _ = tcsetattr(0, now, address);
            }
        }
    }

#pragma warning disable SYSLIB1054, IDE1006 // Blittable; and the C library's own names.
    [DllImport("libc")]
    private static extern int tcgetattr(int descriptor, byte* settings);

    [DllImport("libc")]
    private static extern int tcsetattr(int descriptor, int when, byte* settings);

    [DllImport("libc")]
    private static extern int tcgetpgrp(int descriptor);

    [DllImport("libc")]
    private static extern int getpgrp();
#pragma warning restore SYSLIB1054, IDE1006
}
