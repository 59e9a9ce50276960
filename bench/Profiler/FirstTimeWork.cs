using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace GracefulExit.Bench.Profiler;

/// <summary>Notes what the runtime does for the first time: methods compiled, exceptions, modules loaded.</summary>
/// <remarks>Loaded into the shell that is looked at. The runtime calls it on a thread of its own, a little later.</remarks>
public sealed class FirstTimeWork : EventListener
{
    private const int MethodLoaded = 143;
    private const int JittingStarted = 145;
    private const int ModuleLoaded = 152;

    private const EventKeywords Loader = (EventKeywords)0x8;
    private const EventKeywords Jit = (EventKeywords)0x10;

    private readonly ConcurrentDictionary<ulong, DateTime> _begun = new();
    private readonly ConcurrentQueue<(DateTime At, string Line)> _lines = new();
    private long _last;

    public FirstTimeWork() =>
        // The runtime's own event of an exception looks for its place in the source, which takes longer than all the rest.
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
            Add("throw", DateTime.UtcNow, TimeSpan.Zero, thrown.Exception.GetType().Name);

    /// <summary>Writes what happened between two times, once nothing more has come for a while.</summary>
    public void Write(TextWriter to, DateTime from, DateTime until)
    {
        ArgumentNullException.ThrowIfNull(to);
        // The runtime does not say when it has delivered everything.
        while (Stopwatch.GetElapsedTime(Volatile.Read(ref _last)) < TimeSpan.FromMilliseconds(500))
        {
            Thread.Sleep(100);
        }

        foreach (var (_, line) in _lines.Where(entry => entry.At >= from && entry.At <= until))
        {
            to.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource?.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Loader | Jit);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        Volatile.Write(ref _last, Stopwatch.GetTimestamp());

        // By number: asked for the name of some other events, .NET throws, which is an event itself.
        switch (eventData.EventId)
        {
            case JittingStarted:
                _begun[(ulong)eventData.Payload![0]!] = eventData.TimeStamp;
                break;
            case MethodLoaded:
                // Identity, module, address, size, token, flags, namespace, name, signature.
                var begun = _begun.TryRemove((ulong)eventData.Payload![0]!, out var at) ? at : eventData.TimeStamp;
                Add("compile", begun, eventData.TimeStamp - begun, $"{eventData.Payload[6]}.{eventData.Payload[7]}");
                break;
            case ModuleLoaded:
                Add("load", eventData.TimeStamp, TimeSpan.Zero, Path.GetFileName($"{eventData.Payload![4]}"));
                break;
        }
    }

    private void Add(string kind, DateTime at, TimeSpan duration, string what) =>
        _lines.Enqueue((at, string.Create(CultureInfo.InvariantCulture, $"{kind} {at.Ticks} {duration.TotalMicroseconds:0} {what.ReplaceLineEndings(" ")}")));
}
