using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Supervision;

namespace GracefulExit.Handlers;

/// <summary>The registered handlers of the process, oldest first: those that wait, and those that run.</summary>
/// <remarks>
/// Threads: any. Exactly once: a handler that waits is either unregistered or claimed, both under the gate, and only the thread that has
/// claimed it runs it.
/// </remarks>
internal sealed class HandlerRegistry
{
    private readonly Gate _gate = new();
    private readonly List<RegisteredHandler> _waiting = [];
    private readonly List<RegisteredHandler> _running = [];
    private bool _isClosed;

    /// <summary>Adds a handler.</summary>
    /// <exception cref="PipelineStoppedException">The process has run its handlers and is about to end.</exception>
    public void Add(RegisteredHandler handler)
    {
        using (_gate.Enter())
        {
            if (_isClosed)
            {
                throw new PipelineStoppedException();
            }

            _waiting.Add(handler);
        }
    }

    /// <summary>Takes out a handler that has not begun.</summary>
    /// <returns>Null: there is none with that number.</returns>
    public RegisteredHandler? Remove(int id)
    {
        using (_gate.Enter())
        {
            int index = _waiting.FindIndex(handler => handler.Id == id);
            RegisteredHandler? found = index < 0 ? null : _waiting[index];
            if (found is not null)
            {
                _waiting.RemoveAt(index);
            }

            return found;
        }
    }

    /// <summary>Gives the newest handler that has not begun to the caller, who is to run it.</summary>
    /// <param name="runspace">Only those of this runspace; null: of any.</param>
    /// <param name="close">Whether no further one is taken once there is none left.</param>
    public RegisteredHandler? Claim(Runspace? runspace, bool close = false)
    {
        using (_gate.Enter())
        {
            int index = _waiting.FindLastIndex(handler => runspace is null || handler.Runspace == runspace);
            if (index < 0)
            {
                _isClosed |= close;
                return null;
            }

            RegisteredHandler claimed = _waiting[index];
            _waiting.RemoveAt(index);
            _running.Add(claimed);
            return claimed;
        }
    }

    /// <summary>A claimed handler has run.</summary>
    public void Remove(RegisteredHandler handler)
    {
        using (_gate.Enter())
        {
            _ = _running.Remove(handler);
        }
    }

    /// <summary>Whether a handler runs in this runspace.</summary>
    public bool Uses(Runspace runspace) => Array.Exists(Running(), handler => handler.Runspace == runspace || handler.RescueRunspace == runspace);

    /// <summary>Those that run.</summary>
    public RegisteredHandler[] Running()
    {
        using (_gate.Enter())
        {
            return [.. _running];
        }
    }

    /// <summary>Those that wait, newest first.</summary>
    public RegisteredHandler[] Waiting()
    {
        using (_gate.Enter())
        {
            return [.. _waiting.AsEnumerable().Reverse()];
        }
    }

    /// <summary>All, in the order in which they would run: those that run, then the newest first.</summary>
    public RegisteredHandler[] Snapshot()
    {
        using (_gate.Enter())
        {
            return [.. _running, .. _waiting.AsEnumerable().Reverse()];
        }
    }

    /// <summary>Those that a signal would end the process for, newest first.</summary>
    public RegisteredHandler[] Listening(Signal signal)
    {
        using (_gate.Enter())
        {
            return [.. _running.Concat(_waiting).Reverse().Where(handler => handler.Options.Signals.Contains(signal))];
        }
    }
}
