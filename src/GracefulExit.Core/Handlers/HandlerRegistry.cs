using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Supervision;

namespace GracefulExit.Handlers;

/// <summary>The registered handlers of the process, oldest first: those that wait, and those that are running.</summary>
/// <remarks>
/// Threads: any. Exactly once: a waiting handler is either unregistered or claimed, both under the gate, and only the thread that
/// has claimed it runs it.
/// </remarks>
internal sealed class HandlerRegistry
{
    private readonly Gate _gate = new();
    private readonly List<RegisteredHandler> _waiting = [];
    private readonly List<RegisteredHandler> _running = [];
    private bool _isTakenOver;
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
    /// <returns>Null: there is no such handler.</returns>
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

    /// <summary>Whether the end of the process runs the handlers that have not begun.</summary>
    public bool IsTakenOver
    {
        get
        {
            using (_gate.Enter())
            {
                return _isTakenOver;
            }
        }
    }

    /// <summary>The process is exiting: its end, and no longer a session, runs the handlers that have not begun, one after the other.</summary>
    /// <returns>The handlers that are running.</returns>
    public RegisteredHandler[] TakeOver()
    {
        using (_gate.Enter())
        {
            _isTakenOver = true;
            return [.. _running];
        }
    }

    /// <summary>Claims the newest waiting handler of a runspace for the caller, who must run it.</summary>
    /// <returns>Null: there is none, or the end of the process has taken over.</returns>
    public RegisteredHandler? Claim(Runspace runspace)
    {
        using (_gate.Enter())
        {
            return _isTakenOver ? null : ClaimLast(handler => handler.Runspace == runspace);
        }
    }

    /// <summary>The same for the end of the process, for any runspace. Once none is left, no further handler can be registered.</summary>
    public RegisteredHandler? ClaimRest()
    {
        using (_gate.Enter())
        {
            RegisteredHandler? claimed = ClaimLast(static _ => true);
            _isClosed |= claimed is null;
            return claimed;
        }
    }

    /// <summary>A claimed handler has run.</summary>
    /// <returns>False: it was taken out before.</returns>
    public bool Remove(RegisteredHandler handler)
    {
        using (_gate.Enter())
        {
            return _running.Remove(handler);
        }
    }

    /// <summary>Whether a handler runs in this runspace.</summary>
    public bool Uses(Runspace runspace) => Array.Exists(Running(), handler => handler.Runspace == runspace || handler.RescueRunspace == runspace);

    /// <summary>The handlers that are running.</summary>
    public RegisteredHandler[] Running()
    {
        using (_gate.Enter())
        {
            return [.. _running];
        }
    }

    /// <summary>The waiting handlers, newest first.</summary>
    public RegisteredHandler[] Waiting()
    {
        using (_gate.Enter())
        {
            return [.. _waiting.AsEnumerable().Reverse()];
        }
    }

    /// <summary>All handlers in the order in which they would run: the running ones, then the waiting ones, newest first.</summary>
    public RegisteredHandler[] Snapshot()
    {
        using (_gate.Enter())
        {
            return [.. _running, .. _waiting.AsEnumerable().Reverse()];
        }
    }

    /// <remarks>Under the gate.</remarks>
    private RegisteredHandler? ClaimLast(Predicate<RegisteredHandler> isMeant)
    {
        int index = _waiting.FindLastIndex(isMeant);
        if (index < 0)
        {
            return null;
        }

        RegisteredHandler claimed = _waiting[index];
        _waiting.RemoveAt(index);
        _running.Add(claimed);
        return claimed;
    }

    /// <summary>The handlers that listen to a signal, newest first.</summary>
    public RegisteredHandler[] Listening(Signal signal)
    {
        using (_gate.Enter())
        {
            return [.. _running.Concat(_waiting).Reverse().Where(handler => handler.Options.Signals.Contains(signal))];
        }
    }
}
