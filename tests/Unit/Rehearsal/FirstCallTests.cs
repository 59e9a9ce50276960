using GracefulExit.Engine;
using GracefulExit.Rehearsal;

namespace GracefulExit.Unit.Rehearsal;

/// <summary>What the first call needs is compiled beforehand; every method that is named exists.</summary>
public sealed class FirstCallTests
{
    [Fact]
    public void Names_methods_that_exist() => FirstCall.Run();

    [Fact]
    public void Reports_a_method_that_does_not_exist()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => JustInTime.Compile(typeof(NestedPipeline), "Invoke", "Inwoke"));
        Assert.Contains("NestedPipeline has no method Inwoke", exception.Message, StringComparison.Ordinal);
    }
}
