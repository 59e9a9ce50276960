using System.Diagnostics;
using System.Globalization;

namespace GracefulExit.Tests.Harness;

/// <summary>Sees from outside what a guard is doing; Linux only, proc_pid_syscall(5).</summary>
/// <remarks>
/// A guard that is up waits in read(2) on descriptor 3, its end of the owner's pipe, which is empty. Nothing else in a shell
/// reads that descriptor. A guard that has noticed its owner's death has closed it.
/// </remarks>
public sealed class GuardWatch
{
    private const string Pipe = "3";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private readonly string _folder;
    private readonly string _channel;

    private GuardWatch(int id)
    {
        Id = id;
        _folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
        _channel = Channel();
    }

    /// <summary>The guard's process.</summary>
    public int Id { get; }

    /// <summary>Whether it waits for a message from its owner, or for its owner's death.</summary>
    public bool IsUp
    {
        get
        {
            try
            {
                return Directory.EnumerateDirectories(Path.Combine(_folder, "task")).Any(thread =>
                    Read(Path.Combine(thread, "syscall")).StartsWith($"{ReadNumber} 0x{Pipe} ", StringComparison.Ordinal));
            }
            catch (DirectoryNotFoundException)
            {
                return false;
            }
        }
    }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var process = Process.GetProcessById(Id);
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Whether it has noticed that its owner is dead, or is gone.</summary>
    public bool HasTakenOver => Channel() != _channel;

    private static int ReadNumber => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => 0,
        _ => 63,
    };

    /// <summary>The guard of a process; null: it has none.</summary>
    public static GuardWatch? Find(ShellProcess owner)
    {
        string mark = string.Create(CultureInfo.InvariantCulture, $"exit guard of process {owner.Id}");
        return owner.FindProcesses().FirstOrDefault(process => process.CommandLine.EndsWith(mark, StringComparison.Ordinal)) is { } guard
            ? new GuardWatch(guard.Id)
            : null;
    }

    /// <summary>Waits until a condition is true.</summary>
    /// <returns>When that was seen; null: not in time.</returns>
    public static long? WaitUntil(Func<bool> condition, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return null;
            }

            Thread.Sleep(Interval);
        }

        return Stopwatch.GetTimestamp();
    }

    /// <summary>Its memory in bytes: proportional (PSS), and private.</summary>
    public (long Proportional, long Private) Memory()
    {
        long Sum(params string[] names) => File.ReadLines(Path.Combine(_folder, "smaps_rollup"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => names.Contains(words[0]))
            .Sum(words => 1024 * long.Parse(words[1], CultureInfo.InvariantCulture));
        return (Sum("Pss:"), Sum("Private_Clean:", "Private_Dirty:"));
    }

    private string Channel()
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(_folder, "fd", Pipe), returnFinalTarget: false)?.Name ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    // Threads come and go.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
