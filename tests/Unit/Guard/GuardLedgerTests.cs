using System.Management.Automation;
using GracefulExit.Guard;

namespace GracefulExit.Unit.Guard;

/// <summary>What a guard would run, by the messages that it has read, in whatever order.</summary>
public sealed class GuardLedgerTests
{
    [Fact]
    public void Runs_newer_scopes_first_and_a_scope_s_blocks_in_order() =>
        AssertRuns("2/0 2/1 1/0", Begins(1, 1), Begins(2, 2));

    [Fact]
    public void Runs_no_block_whose_begin_it_has_read_before_the_payload() =>
        AssertRuns("1/1", News(GuardMessageKind.BlockBegins, 1, 0), Begins(1, 2));

    [Fact]
    public void Runs_no_block_whose_begin_it_has_read_after_the_payload() =>
        AssertRuns("1/1", Begins(1, 2), News(GuardMessageKind.BlockBegins, 1, 0), News(GuardMessageKind.BlockEnded, 1, 0));

    [Fact]
    public void Runs_nothing_of_a_scope_whose_payload_is_not_complete() =>
        AssertRuns("", News(GuardMessageKind.BlockBegins, 1, 0));

    [Fact]
    public void Runs_nothing_of_a_scope_that_has_ended() =>
        AssertRuns("", Begins(1, 1), News(GuardMessageKind.ScopeEnded, 1));

    [Fact]
    public void Ignores_a_payload_that_comes_after_the_scope_s_end() => AssertRuns(
        "",
        News(GuardMessageKind.ScopeEnded, 1),
        new GuardMessage(GuardMessageKind.ScopeBegins, 1, 0, new byte[] { 1 }),
        new GuardMessage(GuardMessageKind.BlockPushed, 1, 5, new byte[] { 1 }));

    [Fact]
    public void Unknown_late_and_repeated_messages_do_no_harm() => AssertRuns(
        "1/0",
        Begins(1, 1),
        Begins(2, 1),
        News(GuardMessageKind.ScopeEnded, 2),
        News(GuardMessageKind.BlockEnded, 2, 0),
        News(GuardMessageKind.BlockBegins, 2, 0),
        News(GuardMessageKind.ScopeEnded, 2),
        News(GuardMessageKind.ScopeEnded, 77),
        News(GuardMessageKind.BlockEnded, 78, 3),
        News(GuardMessageKind.BlockRemoved, 79, 3),
        News((GuardMessageKind)200, 1, 0),
        Begins(1, 1));

    [Fact]
    public void Runs_pushed_blocks_first_the_last_one_pushed_before_the_others() =>
        AssertRuns("2/5 1/7 1/6 1/0", Begins(1, 1), Pushed(1, 6), Pushed(1, 7), Pushed(2, 5));

    [Fact]
    public void A_pushed_block_that_is_removed_or_has_begun_is_not_run() => AssertRuns(
        "1/8",
        Begins(1, 0),
        Pushed(1, 6),
        Pushed(1, 7),
        Pushed(1, 8),
        News(GuardMessageKind.BlockRemoved, 1, 6),
        News(GuardMessageKind.BlockBegins, 1, 7));

    [Fact]
    public void A_block_of_the_scope_itself_can_be_removed() =>
        AssertRuns("1/1", Begins(1, 2), News(GuardMessageKind.BlockRemoved, 1, 0));

    [Fact]
    public void Reports_which_block_was_interrupted()
    {
        GuardLedger ledger = new();
        ledger.Note(Begins(1, 2));
        ledger.Note(News(GuardMessageKind.BlockBegins, 1, 0));
        GuardWork work = Assert.Single(ledger.Remaining);
        Assert.Equal([0], work.Cut);
        ledger.Note(News(GuardMessageKind.BlockEnded, 1, 0));
        Assert.Empty(Assert.Single(ledger.Remaining).Cut);
        ledger.Note(News(GuardMessageKind.BlockBegins, 1, 1));
        ledger.Note(News(GuardMessageKind.BlockEnded, 1, 1));
        Assert.Empty(ledger.Remaining);
    }

    /// <summary>Whatever the order of a scope's messages, a block whose begin is among them is never run.</summary>
    [Fact]
    public void Never_runs_a_begun_block_or_an_ended_scope_whatever_the_order()
    {
        GuardMessage[] messages =
        [
            Begins(1, 2),
            Pushed(1, 4),
            News(GuardMessageKind.BlockBegins, 1, 0),
            News(GuardMessageKind.BlockEnded, 1, 0),
            News(GuardMessageKind.BlockBegins, 1, 4),
        ];
        Assert.All(Orders(messages), order =>
        {
            Assert.Equal("1/1", RunsOf(order));

            // Whenever the owner dies, in this order.
            for (int length = 0; length < order.Length; length++)
            {
                string runs = RunsOf(order[..length]);
                Assert.False(runs.Contains("1/0", StringComparison.Ordinal) && order[..length].Any(static each => each.Kind == GuardMessageKind.BlockBegins && each.BlockId == 0));
                Assert.False(runs.Contains("1/4", StringComparison.Ordinal) && order[..length].Any(static each => each.Kind == GuardMessageKind.BlockBegins && each.BlockId == 4));
            }
        });
    }

    private static IEnumerable<GuardMessage[]> Orders(GuardMessage[] messages) => messages.Length <= 1
        ? [messages]
        : messages.SelectMany((first, index) => Orders([.. messages[..index], .. messages[(index + 1)..]]).Select(rest => (GuardMessage[])[first, .. rest]));

    private static void AssertRuns(string expected, params GuardMessage[] messages) => Assert.Equal(expected, RunsOf(messages));

    private static string RunsOf(params GuardMessage[] messages)
    {
        GuardLedger ledger = new();
        Array.ForEach(messages, ledger.Note);
        return string.Join(' ', ledger.Remaining.SelectMany(static work => work.Blocks.Select(block => $"{work.ScopeId}/{block.Id}")));
    }

    private static GuardMessage Begins(int scope, int blocks) => new(GuardMessageKind.ScopeBegins, scope, 0, PayloadOf(blocks));

    private static GuardMessage Pushed(int scope, int block) => new(GuardMessageKind.BlockPushed, scope, block, PayloadOf(1));

    private static GuardMessage News(GuardMessageKind kind, int scope, int block = 0) => new(kind, scope, block);

    private static byte[] PayloadOf(int blocks) => PayloadFixture.Of([.. Enumerable.Range(0, blocks).Select(static _ => ScriptBlock.Create("1"))]).ToBytes();
}
