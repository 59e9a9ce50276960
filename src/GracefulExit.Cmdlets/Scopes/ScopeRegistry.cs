using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GracefulExit.Scopes;

/// <summary>
/// The active scopes of the process, oldest first. A scope is active from <see cref="Begin"/> until its exit blocks have run.
/// </summary>
/// <remarks>Threads: any. The list is under <see cref="_gate"/>; a scope's own lock may be taken within it, never around it.</remarks>
internal sealed class ScopeRegistry
{
    private readonly object _gate = new();
    private readonly List<ExitScope> _active = [];
    private int _lastId;
    private long _unownedAt = -DefaultEffectTime;
    private volatile bool _isClosed;

    /// <summary>Within how many milliseconds a signal that was nobody's has ended the process, if it does.</summary>
    private const long DefaultEffectTime = 500;

    /// <summary>Gets the one registry of the process: signals reach the process, not a runspace.</summary>
    public static ScopeRegistry Process { get; } = new();

    /// <summary>Gets a value indicating whether the process is exiting and no further scope begins.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>
    /// Registers a new scope on the calling pipeline thread.
    /// </summary>
    /// <exception cref="PipelineStoppedException">The process is exiting; no further scope begins.</exception>
    /// <exception cref="AlreadyRegisteredException">Another scope is active and <c>-Append</c> was not given.</exception>
    public ExitScope Begin(ScopeOptions options, CallerSession caller, Runspace runspace, Timeline timeline)
    {
        while (true)
        {
            long left;
            lock (_gate)
            {
                left = _unownedAt + DefaultEffectTime - Environment.TickCount64;
                if (left <= 0)
                {
                    return BeginUnderLock(options, caller, runspace, timeline);
                }
            }

            // A signal has just been found to be nobody's, and .NET is about to end the process by it: a body that began now
            // would have no exit block. Only an older handler that cancels the signal lets this time pass.
            Thread.Sleep((int)left);
        }
    }

    private ExitScope BeginUnderLock(ScopeOptions options, CallerSession caller, Runspace runspace, Timeline timeline)
    {
        if (!options.Append && _active.Count > 0)
        {
            throw new AlreadyRegisteredException(_active[^1]);
        }

        ExitScope? parent = _active.FindLast(scope => scope.Runspace == runspace);
        if (_isClosed && parent?.State != ExitScopeState.Exiting && !_active.Exists(scope => scope.RescueRunspace == runspace))
        {
            // The process has taken stock of whom it waits for. An exit block's own scopes end with that block.
            throw new PipelineStoppedException();
        }

        ExitScope scope = new(++_lastId, this, options, caller, runspace, parent, timeline);
        _active.Add(scope);
        return scope;
    }

    /// <summary>The scope's exit blocks have run: signals are no longer its own.</summary>
    public void End(ExitScope scope) => Uninterruptible.Run(() =>
    {
        lock (_gate)
        {
            _active.Remove(scope);
        }

        scope.Complete();
        return true;
    });

    /// <summary>Lets no further scope begin, but for those of exit blocks, and tells the active ones, newest first.</summary>
    public ExitScope[] Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            return Snapshot();
        }
    }

    /// <summary>The active scopes, newest first.</summary>
    public ExitScope[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _active.AsEnumerable().Reverse()];
        }
    }

    /// <summary>
    /// Requests the exit of every active scope that listens to a signal, all at one moment.
    /// </summary>
    /// <param name="signal">The signal that arrived.</param>
    /// <param name="requested">Those for which this is the first request, newest first.</param>
    /// <returns>All that listen to it, newest first: none means that the signal is nobody's and has its default effect.</returns>
    public ExitScope[] RequestExit(Signal signal, out List<ExitScope> requested)
    {
        ExitScope[] listening;
        lock (_gate)
        {
            listening = [.. _active.AsEnumerable().Reverse().Where(scope => scope.Options.Signals.Contains(signal))];
            if (listening.Length == 0)
            {
                _unownedAt = Environment.TickCount64;
            }
        }

        requested = RequestExit(listening, ExitRequest.ForSignal(signal));
        return listening;
    }

    /// <summary>Requests the exit of scopes; those for which this is the first request are the caller's to unwind.</summary>
    public static List<ExitScope> RequestExit(IEnumerable<ExitScope> scopes, ExitRequest request)
    {
        // Outside the lock: a request cancels tokens, whose callbacks are the user's. A scope that ends meanwhile refuses.
        List<ExitScope> requested = [.. scopes.Where(scope => scope.RecordRequest(request))];
        requested.ForEach(scope => scope.Context.Announce());
        return requested;
    }

    /// <summary>
    /// Sees the bodies of newly requested scopes to their end, on threads of its own, one for each runspace: scopes of one
    /// runspace end one after another, newest first, those of several runspaces side by side.
    /// </summary>
    public void Unwind(IEnumerable<ExitScope> requested)
    {
        foreach (StopLadder ladder in Ladders(requested))
        {
            ladder.Start();
        }
    }

    /// <summary>
    /// The same for scopes that a signal ends, on the thread of its handler: that waits for them anyway, and a thread more
    /// would take the processor from the bodies just when they unwind. Returns when the bodies of the newest scope's
    /// runspace have ended.
    /// </summary>
    /// <param name="requested">The scopes.</param>
    /// <param name="meanwhile">What is to be done once the bodies have been told to stop, and before anything is waited for.</param>
    public void Unwind(IEnumerable<ExitScope> requested, Action meanwhile)
    {
        List<StopLadder> ladders = Ladders(requested);
        ladders.ForEach(static ladder => ladder.StopNewest());
        meanwhile();
        foreach (StopLadder ladder in ladders.Skip(1))
        {
            ladder.Start();
        }

        ladders.FirstOrDefault()?.Climb();
    }

    /// <summary>The newest scope that runs within another's body, if any.</summary>
    public ExitScope? FindInner(ExitScope scope)
    {
        lock (_gate)
        {
            return FindInnerUnderLock(scope);
        }
    }

    /// <summary>Interrupts the stopped body's wait, unless a scope within it is active, whose exit block would be hit.</summary>
    public bool TryInterruptBody(ExitScope scope)
    {
        lock (_gate)
        {
            return FindInnerUnderLock(scope) is null && scope.TryInterruptBody();
        }
    }

    private List<StopLadder> Ladders(IEnumerable<ExitScope> requested) =>
        [.. requested.GroupBy(static scope => scope.Runspace).Select(chain => new StopLadder(this, [.. chain]))];

    private ExitScope? FindInnerUnderLock(ExitScope scope)
    {
        ExitScope? newest = _active.FindLast(candidate => candidate.Runspace == scope.Runspace);
        return newest is not null && newest.Id > scope.Id ? newest : null;
    }
}
