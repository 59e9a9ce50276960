namespace GracefulExit.Supervision;

/// <summary>
/// One thread that does, in order, what others post, and what is due at its time. It needs neither the thread pool, which a
/// script may have used up, nor a new thread at the moment of a signal, which the system may refuse.
/// </summary>
/// <remarks>
/// Threads: <see cref="Post"/> and <see cref="Schedule"/> on any, a signal's included; the work runs on the supervisor's own
/// thread and must not block. Its only wait without a limit is the one for work.
/// </remarks>
internal sealed class Supervisor
{
    // So many cancelled alarms may wait for their time, as long as they are not the larger part.
    private const int FewCancelled = 32;

    private readonly Gate _gate = new();
    private readonly Queue<Action> _posted = [];

    // The alarm is its own priority, because .NET has the code for two classes compiled already, but not for a class and a number.
    private readonly PriorityQueue<Alarm, Alarm> _alarms = new(EarlierFirst.Instance);
    private Thread? _thread;
    private int _cancelled;

    /// <summary>Starts the thread, if it does not run yet.</summary>
    /// <exception cref="OutOfMemoryException">The system has no thread to give: the limit of processes is reached.</exception>
    public void Start()
    {
        using (_gate.Enter())
        {
            if (_thread is null)
            {
                Thread thread = new(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "GracefulExit.Supervisor" };
                thread.Start();
                _thread = thread;
            }
        }
    }

    /// <summary>Does something as soon as possible, in the order of posting.</summary>
    public void Post(Action work)
    {
        using (_gate.Enter())
        {
            _posted.Enqueue(work);
            _gate.PulseAll();
        }
    }

    /// <summary>Does something later.</summary>
    /// <returns>Dispose it to cancel; it may have begun by then.</returns>
    public IDisposable Schedule(TimeSpan delay, Action work)
    {
        Alarm alarm = new(this, work, Environment.TickCount64 + (long)Math.Ceiling(delay.TotalMilliseconds));
        using (_gate.Enter())
        {
            // The supervisor need not wake for one that is not the next.
            bool isNext = !_alarms.TryPeek(out Alarm? next, out _) || alarm.DueAt < next.DueAt;
            _alarms.Enqueue(alarm, alarm);
            if (isNext)
            {
                _gate.PulseAll();
            }
        }

        return alarm;
    }

    private void Run()
    {
        while (true)
        {
            try
            {
                Next()();
            }
            catch (Exception)
            {
                // What is posted catches what it expects. Whatever else goes wrong for one scope must not leave the others
                // without a supervisor.
            }
        }
    }

    private Action Next()
    {
        using (_gate.Enter())
        {
            while (true)
            {
                if (_posted.TryDequeue(out Action? work))
                {
                    return work;
                }

                if (!_alarms.TryPeek(out Alarm? alarm, out _))
                {
                    _gate.Wait(Timeout.InfiniteTimeSpan);
                    continue;
                }

                long left = alarm.DueAt - Environment.TickCount64;
                if (left <= 0 || alarm.IsCancelled)
                {
                    _ = _alarms.Dequeue();
                    if (alarm.TakeWork() is { } due)
                    {
                        return due;
                    }

                    _cancelled--;
                    continue;
                }

                _gate.Wait(TimeSpan.FromMilliseconds(left));
            }
        }
    }

    // An alarm is cancelled long before its time, as a rule: without this, those of limits of hours would pile up.
    private void OnCancelled()
    {
        using (_gate.Enter())
        {
            _cancelled++;
            if (_cancelled > FewCancelled && _cancelled > _alarms.Count / 2)
            {
                Alarm[] left = [.. _alarms.UnorderedItems.Select(static item => item.Element).Where(static alarm => !alarm.IsCancelled)];
                _alarms.Clear();
                foreach (Alarm alarm in left)
                {
                    _alarms.Enqueue(alarm, alarm);
                }

                _cancelled = 0;
            }
        }
    }

    private sealed class Alarm(Supervisor supervisor, Action work, long dueAt) : IDisposable
    {
        private Action? _work = work;

        /// <summary>Gets when it is due, by <see cref="Environment.TickCount64"/>.</summary>
        public long DueAt => dueAt;

        public bool IsCancelled => Volatile.Read(ref _work) is null;

        /// <summary>Takes what is to be done, once; null: it has been cancelled.</summary>
        public Action? TakeWork() => Interlocked.Exchange(ref _work, null);

        public void Dispose()
        {
            if (TakeWork() is not null)
            {
                supervisor.OnCancelled();
            }
        }
    }

    private sealed class EarlierFirst : IComparer<Alarm>
    {
        public static readonly EarlierFirst Instance = new();

        public int Compare(Alarm? x, Alarm? y) => x!.DueAt.CompareTo(y!.DueAt);
    }
}
