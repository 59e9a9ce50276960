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

    /// <summary>Whether the end of the process runs what has not begun.</summary>
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

    /// <summary>The process is exiting: its end runs what has not begun, one after the other, and no session does any more.</summary>
    /// <returns>Those that run.</returns>
    public RegisteredHandler[] TakeOver()
    {
        using (_gate.Enter())
        {
            _isTakenOver = true;
            return [.. _running];
        }
    }

    /// <summary>Gives the newest handler of a runspace that has not begun to the caller, who is to run it.</summary>
    /// <returns>Null: there is none, or the end of the process has taken them over.</returns>
    public RegisteredHandler? Claim(Runspace runspace)
    {
        using (_gate.Enter())
        {
            return _isTakenOver ? null : ClaimLast(handler => handler.Runspace == runspace);
        }
    }

    /// <summary>The same for the end of the process, of any runspace. Once there is none left no further one is registered.</summary>
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

    /// <summary>Those that a signal would end the process for, newest first.</summary>
    public RegisteredHandler[] Listening(Signal signal)
    {
        using (_gate.Enter())
        {
            return [.. _running.Concat(_waiting).Reverse().Where(handler => handler.Options.Signals.Contains(signal))];
        }
    }
}
