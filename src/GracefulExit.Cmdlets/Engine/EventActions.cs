using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>Actions of engine events that wait until the exit blocks have run.</summary>
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

    /// <summary>Takes out what is in the queue; to be disposed to put it back.</summary>
    /// <returns>Null: there was nothing.</returns>
    public static EventActions? Hold(PSEventManager events) =>
        EngineInternals.TakeEventActions(events) is { } actions ? new EventActions(events, actions) : null;

    public void Dispose() => EngineInternals.PutBackEventActions(_events, _actions);
}
