using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Supervision;

namespace GracefulExit.Scopes;

/// <summary>
/// The active scopes of the process, oldest first. A scope is active from <see cref="Begin"/> until its exit blocks have run.
/// </summary>
/// <remarks>
/// Threads: any. One gate protects the list and the states of all scopes in it, so that a signal finds all of them at one
/// moment, and once taken stays taken.
/// </remarks>
/// <param name="supervisor">Does what must not hold up a signal or a body.</param>
/// <param name="carryOut">Carries out the effects of changes.</param>
/// <param name="giveUp">Continues for a scope with an exit block that could not be stopped.</param>
internal sealed class ScopeRegistry(Supervisor supervisor, Action<IReadOnlyList<ScopeChange>> carryOut, Action<Scope, string> giveUp)
{
    /// <summary>Time for an unhandled signal to end the process.</summary>
    private const long DefaultEffectTime = 500;

    private readonly List<Scope> _active = [];
    private int _lastId;
    private long _unhandledAt = -DefaultEffectTime;
    private bool _isClosed;

    public Gate Gate { get; } = new();

    public Supervisor Supervisor => supervisor;

    /// <summary>Gets how often to check whether a stopped body hangs in a managed wait.</summary>
    public TimeSpan LookInterval { get; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Gets or sets the test for runspaces in which handlers run: these may begin scopes until the end.</summary>
    public Func<Runspace, bool> MayBeginLate { get; set; } = static _ => false;

    /// <summary>The next number of a scope or handler.</summary>
    public int NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Registers a new scope on the calling pipeline thread.</summary>
    /// <exception cref="PipelineStoppedException">The process is exiting; no further scope begins.</exception>
    /// <exception cref="AlreadyRegisteredException">Another scope is active here and <c>-Append</c> was not given.</exception>
    public Scope Begin(ScopeOptions options, CallerSession caller, Runspace runspace, Timeline timeline)
    {
        while (true)
        {
            long left;
            using (Gate.Enter())
            {
                left = _unhandledAt + DefaultEffectTime - Environment.TickCount64;
                if (left <= 0)
                {
                    return BeginUnderGate(options, caller, runspace, timeline);
                }
            }

            // A signal that no scope takes has just arrived, and .NET is about to end the process by it. A body that began now would
            // run without its exit block. The whole time passes only if an older handler cancels the signal.
            Thread.Sleep((int)left);
        }
    }

    /// <summary>Removes a scope from the list. May be called again.</summary>
    public void Remove(Scope scope)
    {
        List<ScopeChange> changes = [];
        using (Gate.Enter())
        {
            if (!_active.Remove(scope))
            {
                return;
            }

            // If the scope around it is now the newest of its runspace, it may go on to its own end.
            if (_active.FindLast(other => other.Runspace == scope.Runspace) is { } outer)
            {
                changes.Add(new ScopeChange(outer, outer.Change(ScopeEventKind.InnerEnded)));
            }
        }

        CarryOut(changes);
    }

    /// <summary>The active scopes, newest first.</summary>
    public Scope[] Snapshot()
    {
        using (Gate.Enter())
        {
            return NewestFirst();
        }
    }

    /// <summary>
    /// A signal has arrived: requests the exit of every active scope that listens to it, all at one moment. Does not carry out the
    /// effects.
    /// </summary>
    /// <param name="signal">The signal.</param>
    /// <param name="isDelivered">Whether it came from the system; else code has asked for the exit.</param>
    /// <param name="listening">All scopes that listen to it, newest first. If there are none, the signal is unhandled.</param>
    public List<ScopeChange> Take(Signal signal, bool isDelivered, out Scope[] listening)
    {
        using (Gate.Enter())
        {
            listening = Array.FindAll(NewestFirst(), scope => scope.StateUnderGate.IsListening && Array.IndexOf(scope.Options.Signals, signal) >= 0);
            if (listening.Length == 0)
            {
                _unhandledAt = Environment.TickCount64;
                return [];
            }

            return RequestUnderGate(listening, ScopeEventKind.Requested, ExitRequest.ForSignal(signal, isDelivered));
        }
    }

    /// <summary>A registered handler has taken the signal that no scope listens to.</summary>
    public void OnHandled()
    {
        using (Gate.Enter())
        {
            _unhandledAt = -DefaultEffectTime;
        }
    }

    /// <summary>Lets no further scope begin, except in exit blocks, and requests the exit of the active ones, newest first.</summary>
    public Scope[] Close(ExitRequest request, out List<ScopeChange> changes)
    {
        using (Gate.Enter())
        {
            _isClosed = true;
            Scope[] active = NewestFirst();
            changes = RequestUnderGate(active, ScopeEventKind.ProcessExiting, request);
            return active;
        }
    }

    /// <summary>
    /// Whether an exit block has begun a scope: one of the scope around it, or one that runs in a runspace of its own, in a rescue or
    /// for a registered handler.
    /// </summary>
    public bool IsWithinExitBlock(Scope scope)
    {
        using (Gate.Enter())
        {
            return scope.Parent is { } parent ? parent.StateUnderGate.Phase == ScopePhase.Exiting : IsForExitBlocks(scope.Runspace);
        }
    }

    /// <summary>An exit block could not be stopped. Returns at once.</summary>
    public void GiveUp(Scope scope, string message) => giveUp(scope, message);

    /// <summary>Carries out the effects of changes. The caller does not hold the gate.</summary>
    public void CarryOut(IReadOnlyList<ScopeChange> changes)
    {
        for (int i = 0; i < changes.Count; i++)
        {
            if (changes[i].Effects != ScopeEffects.None)
            {
                carryOut(changes);
                return;
            }
        }
    }

    private Scope[] NewestFirst()
    {
        Scope[] scopes = [.. _active];
        Array.Reverse(scopes);
        return scopes;
    }

    private List<ScopeChange> RequestUnderGate(Scope[] wanted, ScopeEventKind kind, ExitRequest request)
    {
        List<ScopeChange> changes = [];
        HashSet<Scope> isWanted = [.. wanted];
        HashSet<Runspace> ending = [];
        foreach (Scope scope in NewestFirst())
        {
            if (isWanted.Contains(scope))
            {
                // An inner scope that is ending too goes first.
                changes.Add(new ScopeChange(scope, scope.Change(kind, request, flag: ending.Contains(scope.Runspace))));
            }

            if (scope.StateUnderGate is { Request: not null } or { IsClaimed: true })
            {
                ending.Add(scope.Runspace);
            }
        }

        return changes;
    }

    /// <summary>Whether only exit blocks run in a runspace, or handlers do so now.</summary>
    private bool IsForExitBlocks(Runspace runspace) => _active.Exists(scope => scope.RescueRunspace == runspace) || MayBeginLate(runspace);

    private Scope BeginUnderGate(ScopeOptions options, CallerSession caller, Runspace runspace, Timeline timeline)
    {
        Scope? parent = _active.FindLast(scope => scope.Runspace == runspace);
        if (!options.Append && parent is not null)
        {
            throw new AlreadyRegisteredException(parent);
        }

        if (_isClosed && parent?.StateUnderGate.Phase != ScopePhase.Exiting && !IsForExitBlocks(runspace))
        {
            // The process has already decided for which scopes it waits. A scope in an exit block ends with that block.
            throw new PipelineStoppedException();
        }

        Scope scope = new(NextId(), this, options, caller, runspace, parent, timeline);
        _ = parent?.Change(ScopeEventKind.InnerBegan);
        _active.Add(scope);
        return scope;
    }
}
