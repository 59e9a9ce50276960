using System.Globalization;

namespace GracefulExit.Native;

/// <summary>
/// One reading of <c>/proc/PID/stat</c>; proc_pid_stat(5). Linux only.
/// </summary>
/// <param name="ProcessId">The process.</param>
/// <param name="State">One letter; Z is a zombie: ended, not yet reaped.</param>
/// <param name="ProcessGroup">Its process group.</param>
/// <param name="Terminal">Its controlling terminal's device number, 0 for none.</param>
/// <param name="ForegroundGroup">The terminal's foreground process group, -1 without one.</param>
/// <param name="StartTime">Clock ticks after boot: identifies a process together with its id, which may be reused.</param>
internal readonly record struct ProcStat(int ProcessId, char State, int ProcessGroup, int Terminal, int ForegroundGroup, long StartTime)
{
    /// <summary>Gets a value indicating whether the terminal sends SIGINT and SIGQUIT to this process.</summary>
    public bool IsInForeground => Terminal != 0 && ProcessGroup == ForegroundGroup;

    /// <returns>Null: there is no such process.</returns>
    public static ProcStat? Read(int processId)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{processId}/stat");
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }

        // The second field, the name in parentheses, may contain anything, so start after the last parenthesis.
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        int Number(int field) => int.Parse(fields[field - 3], CultureInfo.InvariantCulture);
        return new ProcStat(processId, fields[0][0], Number(5), Number(7), Number(8), long.Parse(fields[22 - 3], CultureInfo.InvariantCulture));
    }
}
