using System.Management.Automation;
using GracefulExit.Tests.EngineHost.Host;

namespace Microsoft.PowerShell.Commands;

/// <summary>What the event registrations share.</summary>
public abstract class RegisterEventCommandBase : PSCmdlet
{
    [Parameter(Position = 101)]
    public ScriptBlock? Action { get; set; }

    [Parameter]
    public PSObject? MessageData { get; set; }

    [Parameter]
    public SwitchParameter SupportEvent { get; set; }

    [Parameter]
    public SwitchParameter Forward { get; set; }

    [Parameter]
    public int MaxTriggerCount { get; set; }

    /// <summary>Subscribes; with an action, its job is the output.</summary>
    protected void Subscribe(object? source, string? eventName, string sourceIdentifier)
    {
        try
        {
            var subscriber = Events.SubscribeEvent(source, eventName, sourceIdentifier, MessageData, Action, SupportEvent, Forward, MaxTriggerCount);
            if (Action is not null && !SupportEvent)
            {
                WriteObject(subscriber.Action);
            }
        }
        catch (ArgumentException exception)
        {
            WriteError(new ErrorRecord(exception, "INVALID_REGISTRATION", ErrorCategory.InvalidArgument, source));
        }
        catch (InvalidOperationException exception)
        {
            WriteError(new ErrorRecord(exception, "INVALID_REGISTRATION", ErrorCategory.InvalidOperation, source));
        }
    }
}

/// <summary>Register-EngineEvent.</summary>
[Cmdlet(VerbsLifecycle.Register, "EngineEvent")]
public sealed class RegisterEngineEventCommand : RegisterEventCommandBase
{
    [Parameter(Position = 100, Mandatory = true)]
    public string SourceIdentifier { get; set; } = string.Empty;

    protected override void EndProcessing() => Subscribe(null, null, SourceIdentifier);
}

/// <summary>Register-ObjectEvent.</summary>
[Cmdlet(VerbsLifecycle.Register, "ObjectEvent")]
public sealed class RegisterObjectEventCommand : RegisterEventCommandBase
{
    [Parameter(Position = 0, Mandatory = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 1, Mandatory = true)]
    public string EventName { get; set; } = string.Empty;

    [Parameter(Position = 100)]
    public string? SourceIdentifier { get; set; }

    protected override void EndProcessing() => Subscribe(InputObject?.BaseObject, EventName, SourceIdentifier ?? Guid.NewGuid().ToString());
}

/// <summary>Get-EventSubscriber.</summary>
[Cmdlet(VerbsCommon.Get, "EventSubscriber", DefaultParameterSetName = "BySource")]
public sealed class GetEventSubscriberCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "BySource", ValueFromPipelineByPropertyName = true)]
    public string SourceIdentifier { get; set; } = "*";

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ById", ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    public int SubscriptionId { get; set; } = -1;

    [Parameter(Position = 1)]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var pattern = new WildcardPattern(SourceIdentifier, WildcardOptions.IgnoreCase);
        WriteObject(
            Events.Subscribers
                .Where(subscriber => (SubscriptionId < 0 || subscriber.SubscriptionId == SubscriptionId)
                    && pattern.IsMatch(subscriber.SourceIdentifier)
                    && (Force || !subscriber.SupportEvent))
                .ToList(),
            enumerateCollection: true);
    }
}

/// <summary>Unregister-Event.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "Event", DefaultParameterSetName = "BySource", SupportsShouldProcess = true)]
public sealed class UnregisterEventCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "BySource", ValueFromPipelineByPropertyName = true)]
    public string? SourceIdentifier { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ById", ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    public int SubscriptionId { get; set; } = -1;

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var pattern = new WildcardPattern(SourceIdentifier ?? "*", WildcardOptions.IgnoreCase);
        var found = Events.Subscribers
            .Where(subscriber => (SubscriptionId < 0 || subscriber.SubscriptionId == SubscriptionId) && pattern.IsMatch(subscriber.SourceIdentifier) && (Force || !subscriber.SupportEvent))
            .ToList();
        foreach (var subscriber in found)
        {
            Events.UnsubscribeEvent(subscriber);
        }

        if (found.Count == 0 && SourceIdentifier is not null && !WildcardPattern.ContainsWildcardCharacters(SourceIdentifier))
        {
            WriteError(new ErrorRecord(
                new ArgumentException($"Event subscription with source identifier '{SourceIdentifier}' does not exist."),
                "INVALID_SOURCE_IDENTIFIER",
                ErrorCategory.InvalidArgument,
                null));
        }
    }
}

/// <summary>Get-Event.</summary>
[Cmdlet(VerbsCommon.Get, "Event", DefaultParameterSetName = "BySource")]
public sealed class GetEventCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "BySource", ValueFromPipelineByPropertyName = true)]
    public string SourceIdentifier { get; set; } = "*";

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ById")]
    [Alias("Id")]
    public int EventIdentifier { get; set; } = -1;

    protected override void EndProcessing()
    {
        var pattern = new WildcardPattern(SourceIdentifier, WildcardOptions.IgnoreCase);
        lock (Events.ReceivedEvents.SyncRoot)
        {
            WriteObject(
                Events.ReceivedEvents.Where(received => (EventIdentifier < 0 || received.EventIdentifier == EventIdentifier) && pattern.IsMatch(received.SourceIdentifier)).ToList(),
                enumerateCollection: true);
        }
    }
}

/// <summary>New-Event.</summary>
[Cmdlet(VerbsCommon.New, "Event")]
public sealed class NewEventCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string SourceIdentifier { get; set; } = string.Empty;

    [Parameter(Position = 1)]
    public PSObject? Sender { get; set; }

    [Parameter(Position = 2)]
    public PSObject[] EventArguments { get; set; } = [];

    [Parameter(Position = 3)]
    public PSObject? MessageData { get; set; }

    protected override void EndProcessing()
        => WriteObject(Events.GenerateEvent(SourceIdentifier, Sender, [.. EventArguments], MessageData, processInCurrentThread: true, waitForCompletionInCurrentThread: false));
}

/// <summary>Remove-Event.</summary>
[Cmdlet(VerbsCommon.Remove, "Event", DefaultParameterSetName = "BySource", SupportsShouldProcess = true)]
public sealed class RemoveEventCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "BySource", ValueFromPipelineByPropertyName = true)]
    public string? SourceIdentifier { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ById", ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    public int EventIdentifier { get; set; } = -1;

    protected override void ProcessRecord()
    {
        var pattern = new WildcardPattern(SourceIdentifier ?? "*", WildcardOptions.IgnoreCase);
        lock (Events.ReceivedEvents.SyncRoot)
        {
            for (var i = Events.ReceivedEvents.Count - 1; i >= 0; i--)
            {
                var received = Events.ReceivedEvents[i];
                if ((EventIdentifier < 0 || received.EventIdentifier == EventIdentifier) && pattern.IsMatch(received.SourceIdentifier))
                {
                    Events.ReceivedEvents.RemoveAt(i);
                }
            }
        }
    }
}

/// <summary>Wait-Event.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Event")]
public sealed class WaitEventCommand : PSCmdlet, IDisposable
{
    private readonly AutoResetEvent _arrived = new(false);
    private volatile bool _stopping;

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string SourceIdentifier { get; set; } = "*";

    [Parameter]
    [Alias("TimeoutSec")]
    public int Timeout { get; set; } = -1;

    public void Dispose() => _arrived.Dispose();

    protected override void ProcessRecord()
    {
        var pattern = new WildcardPattern(SourceIdentifier, WildcardOptions.IgnoreCase);
        var deadline = Timeout < 0 ? long.MaxValue : Environment.TickCount64 + (Timeout * 1000L);
        void OnReceived(object? sender, PSEventArgs args) => _arrived.Set();
        Events.ReceivedEvents.PSEventReceived += OnReceived;
        try
        {
            while (!_stopping)
            {
                lock (Events.ReceivedEvents.SyncRoot)
                {
                    if (Events.ReceivedEvents.FirstOrDefault(received => pattern.IsMatch(received.SourceIdentifier)) is { } found)
                    {
                        WriteObject(found);
                        return;
                    }
                }

                // Wakes now and then, because pending actions run on this thread between the waits.
                var left = deadline - Environment.TickCount64;
                if (left <= 0)
                {
                    return;
                }

                _arrived.WaitOne((int)Math.Min(left, 200));
                EngineInternals.Call(Events, "ProcessPendingActions");
            }
        }
        finally
        {
            Events.ReceivedEvents.PSEventReceived -= OnReceived;
        }
    }

    protected override void StopProcessing()
    {
        _stopping = true;
        _arrived.Set();
    }
}
