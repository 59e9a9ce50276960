using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// What happened to a scope and when, for <c>-Verbose</c> (row D5).
/// </summary>
/// <remarks>Threads: <see cref="Add"/> on any; <see cref="Flush"/> on the pipeline thread, since no other may write.</remarks>
internal sealed class Timeline
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<string> _entries = new();
    private readonly PSCmdlet? _writer;

    /// <param name="writer">The cmdlet that writes the entries; null: they are not wanted.</param>
    public Timeline(PSCmdlet? writer) => _writer = writer;

    public bool IsWanted => _writer is not null;

    public void Add(string what, object? detail = null)
    {
        if (_writer is not null)
        {
            double elapsed = Stopwatch.GetElapsedTime(_start).TotalMilliseconds;
            string text = detail is null ? what : $"{what} {detail}";
            _entries.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{elapsed,9:F1} ms  {text}"));
        }
    }

    /// <summary>Writes the entries so far.</summary>
    public void Flush()
    {
        while (_entries.TryDequeue(out string? entry))
        {
            try
            {
                _writer!.WriteVerbose(entry);
            }
            catch (Exception)
            {
                // The caller's pipeline is being stopped and takes no more records. The exit blocks come first.
            }
        }
    }
}
