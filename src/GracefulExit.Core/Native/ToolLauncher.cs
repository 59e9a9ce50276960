using System.Globalization;

namespace GracefulExit.Native;

/// <summary>The launcher of PowerShell as a .NET tool: a separate process, which forwards no signal (row H1).</summary>
internal static class ToolLauncher
{
    /// <summary>The launcher's process id; null: this shell was not started by one, or that can't be found out.</summary>
    public static int? FindParent()
    {
        // The launcher's child is "dotnet …/pwsh.dll"; an installed pwsh has its own executable.
        if (!OperatingSystem.IsLinux() || Path.GetFileName(Environment.ProcessPath) != "dotnet")
        {
            return null;
        }

        try
        {
            // "id (name) state parent …": the name may contain anything, so count from its end.
            string stat = File.ReadAllText("/proc/self/stat");
            int parent = int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            return File.ReadAllText($"/proc/{parent}/comm").TrimEnd('\n') == "pwsh" ? parent : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // The parent is gone, or we may not read it.
            return null;
        }
    }
}
