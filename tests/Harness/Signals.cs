using System.Runtime.InteropServices;

namespace GracefulExit.Tests.Harness;

/// <summary>Names and numbers of signals on this system, and <c>kill(2)</c>.</summary>
/// <remarks>The prelude of scripts under test calls <see cref="Send"/> from inside the shell under test.</remarks>
public static class Signals
{
    private static readonly Dictionary<string, int> Numbers = Create();

    /// <summary>The number of a signal given as <c>SIGTERM</c>.</summary>
    public static int Number(string name) => Numbers.TryGetValue(name, out int number)
        ? number
        : throw new ArgumentException($"'{name}' is no signal; known are {string.Join(", ", Numbers.Keys)}.", nameof(name));

    /// <summary>Whether <paramref name="name"/> names a signal.</summary>
    public static bool IsKnown(string name) => Numbers.ContainsKey(name);

    /// <summary>The name of a signal, <c>SIGTERM</c>, or its number where it has none here.</summary>
    public static string Name(int number)
    {
        foreach (var (name, value) in Numbers)
        {
            if (value == number)
            {
                return name;
            }
        }

        return $"signal {number}";
    }

    /// <summary>A signal for .NET: by name where possible, which Windows requires, otherwise by number.</summary>
    public static PosixSignal ToPosix(string name) => name switch
    {
        "SIGHUP" => PosixSignal.SIGHUP,
        "SIGINT" => PosixSignal.SIGINT,
        "SIGQUIT" => PosixSignal.SIGQUIT,
        "SIGTERM" => PosixSignal.SIGTERM,
        _ => (PosixSignal)Number(name),
    };

    /// <summary>Sends a signal, given as <c>SIGTERM</c> or <c>TERM</c>, to a process, or to a process group if <paramref name="pid"/> is negative.</summary>
    /// <returns>False if there is no such process.</returns>
    public static bool Send(int pid, string name)
    {
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name : "SIG" + name;
        if (OperatingSystem.IsWindows())
        {
            return pid == Environment.ProcessId
                ? WindowsConsole.Send(name)
                : throw new NotSupportedException("On Windows a script can send console events to itself only.");
        }

        if (LibC.Kill(pid, Number(name)) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == LibC.NoSuchProcess
            ? false
            : NativeError.Check(-1, $"kill({pid}, {name})") == 0;
    }

    private static Dictionary<string, int> Create()
    {
        bool mac = OperatingSystem.IsMacOS();
        return new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["SIGHUP"] = 1,
            ["SIGINT"] = 2,
            ["SIGQUIT"] = 3,
            ["SIGILL"] = 4,
            ["SIGTRAP"] = 5,
            ["SIGABRT"] = 6,
            ["SIGBUS"] = mac ? 10 : 7,
            ["SIGFPE"] = 8,
            ["SIGKILL"] = 9,
            ["SIGUSR1"] = mac ? 30 : 10,
            ["SIGSEGV"] = 11,
            ["SIGUSR2"] = mac ? 31 : 12,
            ["SIGPIPE"] = 13,
            ["SIGALRM"] = 14,
            ["SIGTERM"] = 15,
            ["SIGCHLD"] = mac ? 20 : 17,
            ["SIGCONT"] = mac ? 19 : 18,
            ["SIGSTOP"] = mac ? 17 : 19,
            ["SIGTSTP"] = mac ? 18 : 20,
            ["SIGTTIN"] = 21,
            ["SIGTTOU"] = 22,
            ["SIGXCPU"] = 24,
            ["SIGXFSZ"] = 25,
            ["SIGVTALRM"] = 26,
            ["SIGPROF"] = 27,
            ["SIGWINCH"] = 28,
        };
    }
}
