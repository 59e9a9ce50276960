using System.Globalization;

namespace GracefulExit.Native;

/// <summary>The launcher of PowerShell as a .NET tool: a process of its own, which hands on no signal (row H1).</summary>
internal static class ToolLauncher
{
    /// <summary>The launcher's process id, if this shell was started by one; null otherwise, or where it can't be seen.</summary>
    public static int? FindParent()
    {
        // Its child is "dotnet …/pwsh.dll"; an installed pwsh is its own executable.
        if (!OperatingSystem.IsLinux() || Path.GetFileName(Environment.ProcessPath) != "dotnet")
        {
            return null;
        }

        try
        {
            // "id (name) state parent …": the name may hold anything, so count from its end.
            string stat = File.ReadAllText("/proc/self/stat");
            int parent = int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            return File.ReadAllText($"/proc/{parent}/comm").TrimEnd('\n') == "pwsh" ? parent : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // The parent has gone, or is not ours to look at.
            return null;
        }
    }
}
