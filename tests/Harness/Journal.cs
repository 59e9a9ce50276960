using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Tests.Harness;

/// <summary>A file in which processes that may die at any moment note what they have done.</summary>
/// <remarks>
/// Each entry is one <c>write(2)</c> to a file opened with <c>O_APPEND</c>: it is written in full or not at all, and entries
/// of several threads and processes don't overwrite each other. (.NET's own append seeks, and locks the file.)
/// Scripts call <see cref="Append(string)"/> from inside the shell under test.
/// </remarks>
public static unsafe class Journal
{
    /// <summary>The environment variable with the path of a child's journal. The file already exists.</summary>
    public const string PathVariable = "GRACEFULEXIT_JOURNAL";

    private static readonly string? DefaultPath = Environment.GetEnvironmentVariable(PathVariable);

    /// <summary>Notes something in this process's journal.</summary>
    public static void Append(string text) =>
        Append(DefaultPath ?? throw new InvalidOperationException($"{PathVariable} is not set."), text);

    /// <summary>Notes something in a journal.</summary>
    public static void Append(string path, string text)
    {
        byte[] entry = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()} {text}\n"));
        using var file = new SafeFileHandle(
            NativeError.Check(LibC.Open(path, LibC.OpenWriteOnly | LibC.OpenAppend | LibC.OpenCloseOnExec), $"open of '{path}'"),
            ownsHandle: true);
        fixed (byte* buffer = entry)
        {
            nint written;
            while ((written = LibC.Write(file, buffer, (nuint)entry.Length)) < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
            {
            }

            NativeError.Check(written == entry.Length ? 0 : -1, $"write to '{path}'");
        }
    }

    /// <summary>The entries of a journal, in the order in which they were written.</summary>
    public static IReadOnlyList<OutputLine> Read(string path)
    {
        var entries = new List<OutputLine>();
        foreach (string line in File.ReadAllLines(path))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            entries.Add(new OutputLine(line[(space + 1)..], long.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture)));
        }

        return entries;
    }
}
