using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace GracefulExit.Guard;

/// <summary>
/// The file in which a guard logs errors, since its standard error may be gone with its owner's terminal.
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

        return Path.Combine(IGuardSystem.Current.StateDirectory, "GracefulExit", "guard.log");
    }

    /// <summary>Appends a line. Only the user may read the file: the messages of exit blocks may be private.</summary>
    public static void Add(GuardPayload payload, string message)
    {
        if (payload.LogPath.Length > 0)
        {
            Add(payload.LogPath, string.Create(
                CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-ddTHH:mm:ss.fffzzz} guard of process {payload.OwnerId}: {message}"));
        }
    }

    /// <summary>Appends a line to a file if it belongs to this user, and makes it readable by nobody else.</summary>
    public static void Add(string path, string line)
    {
        try
        {
            IGuardSystem.Current.AppendPrivately(path, Encoding.UTF8.GetBytes(OnOneLine(line) + "\n"));
        }
        catch (Exception)
        {
            // The disk is full, or the directory is not ours. The message has also gone to standard error.
        }
    }

    /// <summary>Escapes line breaks and control characters: one message is one line.</summary>
    private static string OnOneLine(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char character in text)
        {
            _ = character switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                '\u2028' or '\u2029' => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ when char.IsControl(character) => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => line.Append(character),
            };
        }

        return line.ToString();
    }
}
