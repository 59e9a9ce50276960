using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>Actions of engine events that have to wait until the exit blocks have run.</summary>
/// <remarks>Threads: the pipeline thread.</remarks>
internal sealed class EventActions : IDisposable
{
    private readonly PSEventManager _events;
    private readonly Array _actions;

    private EventActions(PSEventManager events, Array actions)
    {
        _events = events;
        _actions = actions;
    }

    /// <summary>Takes the actions out of the queue. Dispose the result to put them back.</summary>
    /// <returns>Null: the queue was empty.</returns>
    public static EventActions? Hold(PSEventManager events) =>
        EngineInternals.TakeEventActions(events) is { } actions ? new EventActions(events, actions) : null;

    public void Dispose() => EngineInternals.PutBackEventActions(_events, _actions);
}
