using System.Management.Automation;
using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>
/// Packs the values of variables in bounded time: it reads properties and enumerators of the user's, which may wait for
/// something that never happens.
/// </summary>
/// <remarks>
/// Threads: the caller's, which waits; and one that reads the values. If that one hangs in a variable, it is left behind, the
/// variable counts as <see cref="ValueFidelity.Busy"/>, and another thread continues with the next variable.
/// </remarks>
internal static class ValuePacker
{
    /// <summary>How long there may be no progress. Slow progress, as on a busy machine, is no reason to give up.</summary>
    private static readonly TimeSpan StandstillTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long all variables together may take. What is left then counts as busy.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Packs variables.</summary>
    /// <param name="variables">The variables.</param>
    /// <param name="lose">Is called for each variable that does not arrive unchanged.</param>
    public static ValueGraph Pack(IReadOnlyList<CapturedVariable> variables, Action<CapturedVariable, ValueFidelity> lose)
    {
        Run run = new(new ValueGraphWriter(), variables, [], [], []);
        long end = Environment.TickCount64 + (long)Timeout.TotalMilliseconds;
        while (!run.TryFinish(end, StandstillTimeout, out Run? next))
        {
            run = next!;
        }

        foreach (LostVariable lost in run.Lost)
        {
            lose(lost.Variable, lost.Fidelity);
        }

        return run.ToGraph();
    }

    /// <summary>A variable that does not arrive unchanged.</summary>
    private sealed record LostVariable(CapturedVariable Variable, ValueFidelity Fidelity);

    /// <summary>Packs the remaining variables on its own thread. All its state is under its lock.</summary>
    private sealed class Run
    {
        private readonly object _lock = new();
        private readonly ValueGraphWriter _writer;
        private readonly IReadOnlyList<CapturedVariable> _variables;
        private readonly List<ValueGraph.Variable> _packed;
        private readonly List<LostVariable> _lost;
        private IReadOnlyList<string> _names;
        private bool _isOver;

        public Run(
            ValueGraphWriter writer,
            IReadOnlyList<CapturedVariable> variables,
            IEnumerable<ValueGraph.Variable> packed,
            IEnumerable<LostVariable> lost,
            IReadOnlyList<string> names)
        {
            _writer = writer;
            _variables = variables;
            _packed = [.. packed];
            _lost = [.. lost];
            _names = names;
            try
            {
                new Thread(Work) { IsBackground = true, Name = "GracefulExit.Guard.Values" }.Start();
            }
            catch (OutOfMemoryException exception)
            {
                throw new GuardFailedException(Messages.GuardFailed(Messages.NoThread), exception);
            }
        }

        public IReadOnlyList<LostVariable> Lost => _lost;

        public ValueGraph ToGraph() => new(_names, _packed);

        /// <summary>Waits for the end.</summary>
        /// <param name="end">When the time for all variables is up.</param>
        /// <param name="standstill">How long the thread may make no progress.</param>
        /// <param name="next">The worker that continues if this one hangs in a variable.</param>
        /// <returns>Whether everything is done or given up.</returns>
        public bool TryFinish(long end, TimeSpan standstill, out Run? next)
        {
            lock (_lock)
            {
                while (_packed.Count < _variables.Count)
                {
                    int done = _packed.Count;
                    long progress = _writer.Progress;
                    WaitForVariable(done, standstill, end);
                    bool isTimeUp = Environment.TickCount64 >= end;
                    if (_packed.Count < _variables.Count && (isTimeUp || (_packed.Count == done && _writer.Progress == progress)))
                    {
                        next = GiveUp(isTimeUp);
                        return next is null;
                    }
                }

                next = null;
                return true;
            }
        }

        private void WaitForVariable(int done, TimeSpan limit, long atMostUntil)
        {
            long end = Math.Min(atMostUntil, Environment.TickCount64 + (long)limit.TotalMilliseconds);
            while (_packed.Count == done && Environment.TickCount64 < end)
            {
                try
                {
                    Monitor.Wait(_lock, (int)Math.Max(1, end - Environment.TickCount64));
                }
                catch (ThreadInterruptedException)
                {
                    // The interrupt was meant for the body, which has not begun.
                }
            }
        }

        /// <summary>The thread hangs in a variable. Under the lock.</summary>
        private Run? GiveUp(bool isTimeUp)
        {
            _isOver = true;
            int lost = isTimeUp ? _variables.Count - _packed.Count : 1;
            for (int i = 0; i < lost; i++)
            {
                CapturedVariable variable = _variables[_packed.Count];
                _packed.Add(new ValueGraph.Variable(variable.Name, (int)variable.Options, new[] { (byte)ValueTag.Null }, 0, default));
                _lost.Add(new LostVariable(variable, ValueFidelity.Busy));
            }

            return _packed.Count == _variables.Count ? null : new Run(new ValueGraphWriter(_writer, _names), _variables, _packed, _lost, _names);
        }

        private void Work()
        {
            int first;
            lock (_lock)
            {
                first = _packed.Count;
            }

            foreach (CapturedVariable variable in _variables.Skip(first))
            {
                ValueGraph.Variable packed = _writer.Add(variable.Name, variable.Value, (int)variable.Options, out ValueFidelity fidelity);
                lock (_lock)
                {
                    if (_isOver)
                    {
                        return;
                    }

                    _writer.Commit(packed);
                    _packed.Add(packed);
                    _names = _writer.Names;
                    if (fidelity != ValueFidelity.Exact)
                    {
                        _lost.Add(new LostVariable(variable, fidelity));
                    }

                    Monitor.PulseAll(_lock);
                }
            }
        }
    }
}
