using System.Management.Automation.Runspaces;
using GracefulExit.Rehearsal;
using GracefulExit.Scopes;

namespace GracefulExit.Unit.Rehearsal;

/// <summary>The rehearsal runs to its end, again and again, and leaves nothing behind.</summary>
public sealed class StopRehearsalTests
{
    [Fact]
    public async Task Runs_to_its_end_and_leaves_nothing_behind()
    {
        for (int i = 0; i < 3; i++)
        {
            Task run = Task.Run(StopRehearsal.Run, TestContext.Current.CancellationToken);
            await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        Assert.Empty(ExitRuntime.Current.Registry.Snapshot());
        Assert.Null(Runspace.DefaultRunspace);
    }
}
