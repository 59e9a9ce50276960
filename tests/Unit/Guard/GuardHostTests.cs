using System.Reflection;
using GracefulExit.Guard;

namespace GracefulExit.Unit.Guard;

/// <summary>How a guard is started.</summary>
public sealed class GuardHostTests
{
    [Fact]
    public void A_program_that_is_not_pwsh_is_refused_by_name()
    {
        GuardFailedException refusal = Assert.Throws<GuardFailedException>(GuardCommandLine.CheckHost);
        Assert.Contains(Assembly.GetEntryAssembly()!.GetName().Name!, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_path_is_part_of_the_command()
    {
        string command = GuardCommandLine.Arguments().Last();
        string assembly = typeof(GuardCommandLine).Assembly.Location;
        Assert.DoesNotContain(Path.GetDirectoryName(assembly)!, command, StringComparison.Ordinal);
        Assert.Contains(GuardCommandLine.Environment(), variable => variable.Value == assembly && command.Contains($"$env:{variable.Key}", StringComparison.Ordinal));
    }
}
