using System.Globalization;
using System.Management.Automation;

namespace GracefulExit.Guard;

/// <summary>
/// The file in which a guard notes what went wrong, since its standard error may be gone with its owner's terminal.
/// </summary>
internal static class GuardLog
{
    /// <summary>Names the file.</summary>
    public const string PathVariable = "GRACEFULEXIT_GUARD_LOG";

    /// <summary>The file that the environment names, or with -Verbose one in the user's state directory, or none: empty.</summary>
    public static string ChoosePath(PathIntrinsics paths, bool isVerbose)
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return Path.GetFullPath(named, paths.CurrentFileSystemLocation.ProviderPath);
        }

        if (!isVerbose)
        {
            return string.Empty;
        }

        // XDG base directories: what is kept between runs and is neither data nor configuration.
        string state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set)
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "GracefulExit", "guard.log");
    }

    /// <summary>Adds a line. The file is the user's alone: what exit blocks say may be private.</summary>
    public static void Add(GuardPayload payload, string message)
    {
        if (payload.LogPath.Length == 0 || OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Directory.CreateDirectory(Path.GetDirectoryName(payload.LogPath)!, owner | UnixFileMode.UserExecute);
            using StreamWriter log = new(payload.LogPath, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = owner,
            });
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-ddTHH:mm:ss.fffzzz} guard of process {payload.OwnerId}: {message}"));
        }
        catch (Exception)
        {
            // A full disk or a directory that is not ours. Standard error has been told as well.
        }
    }
}
