using GracefulExit.Engine;

namespace GracefulExit.Unit.Engine;

/// <summary>A getter gives the same before and after code has been compiled for it.</summary>
public sealed class EngineMethodTests
{
    private const int EnoughToCompile = 300;

    private string? Text { get; set; }

    private bool Flag { get; set; }

    private DayOfWeek Day { get; set; }

    [Fact]
    public void A_reference_is_read_from_each_object_before_and_after_compiling()
    {
        EngineMethod getter = GetterOf(nameof(Text));
        for (int i = 0; i < EnoughToCompile; i++)
        {
            string text = $"text {i}";
            Assert.Same(text, getter.Call(new EngineMethodTests { Text = text }));
            Assert.Null(getter.Call(new EngineMethodTests()));
        }
    }

    [Fact]
    public void A_value_is_read_before_and_after_compiling()
    {
        EngineMethod getter = GetterOf(nameof(Flag));
        for (int i = 0; i < EnoughToCompile; i++)
        {
            Assert.Equal(i % 3 == 0, (bool)getter.Call(new EngineMethodTests { Flag = i % 3 == 0 })!);
        }
    }

    [Fact]
    public void An_enumeration_is_read_as_a_number_before_and_after_compiling()
    {
        EngineMethod getter = GetterOf(nameof(Day));
        for (int i = 0; i < EnoughToCompile; i++)
        {
            DayOfWeek day = (DayOfWeek)(i % 7);
            Assert.Equal(day, (DayOfWeek)(int)getter.Call(new EngineMethodTests { Day = day })!);
        }
    }

    [Fact]
    public void Several_threads_may_read_while_it_compiles()
    {
        EngineMethod getter = GetterOf(nameof(Text));
        Parallel.For(0, 8, thread =>
        {
            EngineMethodTests own = new() { Text = $"of thread {thread}" };
            for (int i = 0; i < EnoughToCompile; i++)
            {
                Assert.Same(own.Text, getter.Call(own));
            }
        });
    }

    private static EngineMethod GetterOf(string name) =>
        new(typeof(EngineMethodTests).GetProperty(name, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetMethod!);
}
