using System.ComponentModel;
using System.Diagnostics;
using GracefulExit.Tests.Driver;

namespace GracefulExit.Unit.Driver;

public sealed class ShellProcessTests
{
    [Fact]
    public void A_child_killed_by_a_signal_is_told_from_one_that_exits_with_its_status()
    {
        using var killed = Sh.Start("kill -TERM $$");
        using var exited = Sh.Start("exit 143");
        Assert.Equal(ExitStatus.Killed("SIGTERM"), killed.WaitForExit(Sh.Soon));
        Assert.Equal(ExitStatus.Exited(143), exited.WaitForExit(Sh.Soon));
    }

    [Fact]
    public void A_child_can_be_signalled_once_it_is_ready()
    {
        using var process = Sh.Start("echo ready; sleep 100");
        Assert.NotNull(process.WaitForLine("ready", Sh.Soon));
        Assert.True(process.Signal("SIGTERM"));
        Assert.Equal(ExitStatus.Killed("SIGTERM"), process.WaitForExit(Sh.Soon));
        Assert.False(process.Signal("SIGTERM"));
    }

    [Theory]
    [InlineData("PIPE")] // ignored in this process, as in every .NET process
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("TERM")]
    public void Signals_have_their_default_disposition(string name)
    {
        using var process = Sh.Start($"kill -{name} $$; echo survived");
        Assert.Equal(ExitStatus.Killed("SIG" + name), process.WaitForExit(Sh.Soon));
        Assert.True(process.Output.WaitForEnd(Sh.Soon));
        Assert.Empty(process.Output.Lines);
    }

    [Fact]
    public void Ignored_signals_are_inherited_as_ignored_and_the_others_are_not()
    {
        var start = Sh.Command("kill -HUP $$; kill -INT $$; echo survived; kill -TERM $$") with { Ignored = ["SIGHUP", "SIGINT"] };
        using var process = ShellProcess.Start(start);
        Assert.Equal(ExitStatus.Killed("SIGTERM"), process.WaitForExit(Sh.Soon));
        Assert.True(process.Output.WaitForEnd(Sh.Soon));
        Assert.Equal(["survived"], process.Output.Lines());
    }

    [Fact]
    public void No_signal_is_blocked()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var process = Sh.Start("grep SigBlk /proc/self/status");
        Assert.True(process.Output.WaitForEnd(Sh.Soon));
        Assert.Equal(["SigBlk:\t0000000000000000"], process.Output.Lines());
    }

    [Fact]
    public void The_child_gets_no_descriptors_of_other_children()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var other = ShellProcess.Start(Sh.Command("sleep 100") with { Input = true });
        using var terminal = ShellProcess.Start(Sh.Command("sleep 100") with { Terminal = true });
        using var process = Sh.Start("exec ls /proc/self/fd");
        Assert.True(process.Output.WaitForEnd(Sh.Soon));

        // Whatever started the tests may have left more open than the first three; and ls opens the directory.
        Assert.InRange(process.Output.Lines().Except(Inherited()).Count(), 0, 1);
    }

    [Fact]
    public void Waiting_for_a_hanging_child_ends_and_it_is_killed()
    {
        using var process = Sh.Start("trap '' TERM; echo ready; while :; do sleep 100; done");
        Assert.NotNull(process.WaitForLine("ready", Sh.Soon));
        Assert.True(process.Signal("SIGTERM"));
        Assert.Null(process.WaitForLine("never", TimeSpan.FromMilliseconds(100)));
        Assert.Null(process.WaitForExit(TimeSpan.FromMilliseconds(100)));
        Assert.True(process.Kill());
        Assert.Equal(ExitStatus.Killed("SIGKILL"), process.WaitForExit(Sh.Soon));
    }

    [Fact]
    public void What_a_child_leaves_behind_is_found_and_killed()
    {
        using var process = Sh.Start("sleep 100 & echo ready");
        Assert.Equal(ExitStatus.Exited(0), process.WaitForExit(Sh.Soon));
        Assert.Single(process.FindProcesses());
        Assert.True(process.Kill());
        Assert.Empty(process.FindProcesses());
        Assert.True(process.Output.WaitForEnd(Sh.Soon));
    }

    [Fact]
    public void What_flees_into_a_session_of_its_own_is_found_by_its_marker()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var process = Sh.Start("setsid sleep 100 & exit 0");
        Assert.Equal(ExitStatus.Exited(0), process.WaitForExit(Sh.Soon));
        Assert.Contains("sleep 100", Assert.Single(process.FindProcesses()).CommandLine, StringComparison.Ordinal);
        Assert.True(process.Kill());
    }

    [Fact]
    public void A_group_can_be_signalled()
    {
        using var process = Sh.Start("sleep 100 & trap 'wait; exit 7' TERM; echo ready; wait; wait");
        Assert.NotNull(process.WaitForLine("ready", Sh.Soon));
        Assert.True(process.SignalGroup("SIGTERM"));
        Assert.Equal(ExitStatus.Exited(7), process.WaitForExit(Sh.Soon));
        Assert.Empty(process.FindProcesses());
    }

    [Fact]
    public void Standard_input_can_be_written_and_closed()
    {
        using var process = ShellProcess.Start(Sh.Command("cat; echo end >&2") with { Input = true });
        Assert.True(process.Write("one\n"));
        Assert.NotNull(process.WaitForLine("one", Sh.Soon));
        process.CloseInput();
        Assert.Equal(ExitStatus.Exited(0), process.WaitForExit(Sh.Soon));
        Assert.True(process.ErrorOutput.WaitForEnd(Sh.Soon));
        Assert.Equal("end\n", process.ErrorOutput.Text);
    }

    [Fact]
    public void A_child_without_an_input_reads_its_end()
    {
        using var process = Sh.Start("cat");
        Assert.Equal(ExitStatus.Exited(0), process.WaitForExit(Sh.Soon));
    }

    [Fact]
    public void Writing_to_a_closed_output_fails_in_the_child()
    {
        using var process = ShellProcess.Start(Sh.Command("echo ready; read line; echo more") with { Input = true });
        Assert.NotNull(process.WaitForLine("ready", Sh.Soon));
        process.CloseOutput();
        Assert.True(process.Write("go on\n"));
        Assert.Equal(ExitStatus.Killed("SIGPIPE"), process.WaitForExit(Sh.Soon));
    }

    [Fact]
    public void The_output_of_a_child_that_never_stops_writing_can_be_closed()
    {
        using var process = Sh.Start("exec yes");
        Assert.NotNull(process.WaitForLine("y", Sh.Soon));
        process.CloseOutput();
        Assert.Equal(ExitStatus.Killed("SIGPIPE"), process.WaitForExit(Sh.Soon));
    }

    [Fact]
    public void Lines_have_timestamps_and_an_unfinished_one_counts()
    {
        using var process = Sh.Start("echo one; sleep 0.2; printf 'two\\n\\nthree'");
        Assert.True(process.Output.WaitForEnd(Sh.Soon));
        Assert.Equal(["one", "two", "", "three"], process.Output.Lines());
        var lines = process.Output.Lines;
        Assert.InRange(Stopwatch.GetElapsedTime(lines[0].Timestamp, lines[1].Timestamp).TotalMilliseconds, 100, 5000);
    }

    [Fact]
    public void Environment_and_directory_are_those_given()
    {
        string directory = Directory.CreateTempSubdirectory("gx-").FullName;
        try
        {
            var start = Sh.Command("pwd -P; env") with
            {
                Environment = new Dictionary<string, string> { ["ONLY"] = "ä=1" },
                WorkingDirectory = directory,
            };
            using var process = ShellProcess.Start(start);
            Assert.True(process.Output.WaitForEnd(Sh.Soon));
            Assert.EndsWith(Path.GetFileName(directory), process.Output.Lines()[0], StringComparison.Ordinal);
            Assert.Contains("ONLY=ä=1", process.Output.Lines());
            Assert.DoesNotContain(process.Output.Lines(), line => line.StartsWith("HOME=", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(directory);
        }
    }

    [Fact]
    public void A_missing_program_is_an_error_that_names_it()
    {
        var error = Assert.Throws<Win32Exception>(() => ShellProcess.Start(new ShellStart { FileName = "/nowhere/shell" }));
        Assert.Contains("/nowhere/shell", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_children_keep_their_statuses_beside_those_of_Process()
    {
        var ours = Enumerable.Range(0, 40).Select(i => Task.Run(() =>
        {
            using var process = Sh.Start($"exit {i}");
            return process.WaitForExit(Sh.Soon);
        })).ToList();
        var theirs = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            using var process = Process.Start("/bin/sh", ["-c", $"exit {i}"]);
            await process.WaitForExitAsync();
            return process.ExitCode;
        })).ToList();
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (ExitStatus?)ExitStatus.Exited(i)), await Task.WhenAll(ours));
        Assert.Equal(Enumerable.Range(0, 40), await Task.WhenAll(theirs));
    }

    // The descriptors of this process that are not closed on exec.
    private static IEnumerable<string> Inherited() =>
        from file in Directory.EnumerateFiles("/proc/self/fdinfo")
        let flags = File.ReadLines(file).First(line => line.StartsWith("flags:", StringComparison.Ordinal))
        where (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & 0x80000) == 0
        select Path.GetFileName(file);
}
