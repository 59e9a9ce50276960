using System.Runtime.CompilerServices;
using GracefulExit.Supervision;

namespace GracefulExit.Unit.Supervision;

/// <summary>The one thread that does what is due.</summary>
public sealed class SupervisorTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    [Fact]
    public void Does_what_is_due_in_order_and_leaves_out_what_was_cancelled()
    {
        Supervisor supervisor = new();
        using CountdownEvent done = new(2);
        List<string> order = [];
        _ = supervisor.Schedule(Soon * 2, () => Do("later"));
        IDisposable cancelled = supervisor.Schedule(Soon, () => Do("cancelled"));
        _ = supervisor.Schedule(Soon, () => Do("sooner"));
        cancelled.Dispose();
        supervisor.Start();
        Assert.True(done.Wait(LongEnough, TestContext.Current.CancellationToken));
        Assert.Equal(["sooner", "later"], order);

        void Do(string what)
        {
            order.Add(what);
            _ = done.Signal();
        }
    }

    [Fact]
    public void Does_not_keep_cancelled_alarms_until_their_time()
    {
        Supervisor supervisor = new();
        supervisor.Start();
        WeakReference[] alarms = ScheduleAndCancel(supervisor, 1000);
        GC.Collect();
        Assert.InRange(alarms.Count(static alarm => alarm.IsAlive), 0, 100);
        GC.KeepAlive(supervisor);
    }

    [Fact]
    public void Loses_no_alarm_among_many_that_are_cancelled()
    {
        Supervisor supervisor = new();
        supervisor.Start();
        using CountdownEvent done = new(100);
        Parallel.For(0, 4, thread =>
        {
            for (int i = 0; i < 25; i++)
            {
                _ = ScheduleAndCancel(supervisor, 40);
                _ = supervisor.Schedule(Soon, () => done.Signal());
            }
        });
        Assert.True(done.Wait(LongEnough, TestContext.Current.CancellationToken));
    }

    // In a method of its own, so that no variable of the caller holds an alarm.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] ScheduleAndCancel(Supervisor supervisor, int count)
    {
        IDisposable[] alarms = [.. Enumerable.Range(0, count).Select(_ => supervisor.Schedule(Late, static () => { }))];
        foreach (IDisposable alarm in alarms)
        {
            alarm.Dispose();
        }

        return [.. alarms.Select(static alarm => new WeakReference(alarm))];
    }
}
