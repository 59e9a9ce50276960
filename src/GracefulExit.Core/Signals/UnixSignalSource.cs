using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using GracefulExit.Native;
using GracefulExit.Supervision;

namespace GracefulExit.Signals;

/// <summary>The signals of a Unix process.</summary>
/// <remarks>
/// <para>
/// A signal is registered with .NET as long as somebody uses it. For each one that arrives <see cref="SignalHook"/> calls
/// <see cref="_take"/>, before any handler runs.
/// </para>
/// <para>
/// No signal is lost between two scopes: whether it is taken is decided under the registry's lock. A signal that arrives while
/// its registration is being removed is handled like any other: nobody takes it, and it is left to .NET.
/// </para>
/// <para>Threads: any; the registrations are under the lock.</para>
/// </remarks>
/// <param name="take">Is called for each signal that arrives, on .NET's signal thread; returns true to take it. Must not block.</param>
internal sealed class UnixSignalSource(Func<Signal, bool> take) : ISignalSource
{
    private readonly Gate _gate = new();
    private readonly Dictionary<Signal, Registration> _registrations = [];

    // One for each signal whose handlers .NET is running now. Our handler, which is among them, holds back the older ones.
    private readonly ConcurrentDictionary<Signal, Hold> _holds = new();
    private readonly Func<Signal, bool> _take = take;
    private bool? _isHooked;

    public bool HasOlderHandlers => true;

    public bool MayShellEnd => true;

    public void Acquire(IReadOnlyList<Signal> signals)
    {
        using (_gate.Enter())
        {
            int done = 0;
            try
            {
                for (; done < signals.Count; done++)
                {
                    AcquireUnderLock(signals[done]);
                }
            }
            catch
            {
                // Undo a partial registration.
                for (int i = 0; i < done; i++)
                {
                    ReleaseUnderLock(signals[i]);
                }

                throw;
            }
        }
    }

    public void Release(IReadOnlyList<Signal> signals)
    {
        using (_gate.Enter())
        {
            foreach (Signal signal in signals)
            {
                ReleaseUnderLock(signal);
            }
        }
    }

    public void RunOlderHandlers(Signal signal, Action<bool> onBegun)
    {
        // The hold stays until our handler has passed it. The handler may get there only now, and must see that the signal was taken.
        if (!_holds.TryGetValue(signal, out Hold? hold) || !hold.TryLetGo(onBegun))
        {
            onBegun(false);
        }
    }

    private void AcquireUnderLock(Signal signal)
    {
        if (!_registrations.TryGetValue(signal, out Registration? registration))
        {
            registration = new Registration(Uninterrupted(() => PosixSignalRegistration.Create(signal.Posix, context => OnHandler(signal, context))));
            _registrations.Add(signal, registration);
            _isHooked ??= SignalHook.TryInstall(TryTake);
        }

        registration.Users++;
    }

    private void ReleaseUnderLock(Signal signal)
    {
        Registration registration = _registrations[signal];
        registration.Users--;
        if (registration.Users == 0)
        {
            _registrations.Remove(signal);
            _ = Uninterrupted<object?>(() =>
            {
                registration.Handle.Dispose();
                return null;
            });
        }
    }

    /// <summary>.NET's registration takes a lock. A pending interrupt is thrown on entering it, before anything has happened.</summary>
    private static T Uninterrupted<T>(Func<T> action)
    {
        while (true)
        {
            try
            {
                return action();
            }
            catch (ThreadInterruptedException)
            {
                // The interrupt is used up.
            }
        }
    }

    /// <summary>
    /// Takes a signal if somebody listens. If others have handlers too, .NET runs them now, newest first, until it gets to ours,
    /// which waits. While they run, the same signal is not passed to them again, just as the kernel merges pending signals. On
    /// .NET's signal thread.
    /// </summary>
    private bool TryTake(int number)
    {
        if (Signal.FromNumber(number) is not { } signal || !_take(signal))
        {
            return false;
        }

        if (SignalHook.CountHandlers(number) > 1 && _holds.TryAdd(signal, new Hold()))
        {
            SignalHook.RunHandlers(number);
        }

        return true;
    }

    /// <summary>Our handler among .NET's.</summary>
    private void OnHandler(Signal signal, PosixSignalContext context)
    {
        if (_isHooked == true)
        {
            // No hold: nobody has taken the signal.
            if (_holds.TryGetValue(signal, out Hold? hold) && hold.TryEnter())
            {
                context.Cancel = true;
                Pass(signal, hold);
            }
        }
        else if (_holds.GetOrAdd(signal, static _ => new Hold()) is { } hold && _take(signal))
        {
            context.Cancel = true;
            Pass(signal, hold);
        }
    }

    private void Pass(Signal signal, Hold hold)
    {
        hold.Wait();
        _ = _holds.TryRemove(new KeyValuePair<Signal, Hold>(signal, hold));
        hold.Begin();
    }

    /// <summary>A registration and its number of uses. Under the lock.</summary>
    private sealed class Registration(PosixSignalRegistration handle)
    {
        public PosixSignalRegistration Handle => handle;

        public int Users { get; set; }
    }

    /// <summary>Holds back the older handlers of one signal.</summary>
    /// <remarks>Threads: one of .NET's waits; the supervisor releases it.</remarks>
    private sealed class Hold
    {
        private readonly Latch _isOver = new();
        private int _hasEntered;
        private Action<bool>? _onBegun;

        /// <returns>False: the handlers of this delivery got to ours before.</returns>
        public bool TryEnter() => Interlocked.Exchange(ref _hasEntered, 1) == 0;

        public void Wait() => _isOver.Wait(Timeout.InfiniteTimeSpan);

        /// <summary>The older handlers begin on this thread.</summary>
        public void Begin() => Interlocked.Exchange(ref _onBegun, null)?.Invoke(true);

        /// <returns>False: it was released before.</returns>
        public bool TryLetGo(Action<bool> onBegun)
        {
            if (_isOver.IsSet)
            {
                return false;
            }

            _onBegun = onBegun;
            _isOver.Set();
            return true;
        }
    }
}
