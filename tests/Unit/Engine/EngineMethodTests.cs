using GracefulExit.Engine;

namespace GracefulExit.Unit.Engine;

/// <summary>The reader gives the same before and after it has compiled code for the property.</summary>
public sealed class PropertyReaderTests
{
    private const int EnoughToCompile = 300;

    private string? Text { get; set; }

    private bool Flag { get; set; }

    private DayOfWeek Day { get; set; }

    [Fact]
    public void A_reference_is_read_from_each_object_before_and_after_compiling()
    {
        PropertyReader reader = ReaderOf(nameof(Text));
        for (int i = 0; i < EnoughToCompile; i++)
        {
            string text = $"text {i}";
            Assert.Same(text, reader.Read<object?>(new PropertyReaderTests { Text = text }));
            Assert.Null(reader.Read<object?>(new PropertyReaderTests()));
        }
    }

    [Fact]
    public void A_value_is_read_before_and_after_compiling()
    {
        PropertyReader reader = ReaderOf(nameof(Flag));
        for (int i = 0; i < EnoughToCompile; i++)
        {
            Assert.Equal(i % 3 == 0, reader.Read<bool>(new PropertyReaderTests { Flag = i % 3 == 0 }));
        }
    }

    [Fact]
    public void An_enumeration_is_read_as_a_number_before_and_after_compiling()
    {
        PropertyReader reader = ReaderOf(nameof(Day));
        for (int i = 0; i < EnoughToCompile; i++)
        {
            DayOfWeek day = (DayOfWeek)(i % 7);
            Assert.Equal(day, (DayOfWeek)reader.Read<int>(new PropertyReaderTests { Day = day }));
        }
    }

    [Fact]
    public void Several_threads_may_read_while_it_compiles()
    {
        PropertyReader reader = ReaderOf(nameof(Text));
        Parallel.For(0, 8, thread =>
        {
            PropertyReaderTests own = new() { Text = $"of thread {thread}" };
            for (int i = 0; i < EnoughToCompile; i++)
            {
                Assert.Same(own.Text, reader.Read<object?>(own));
            }
        });
    }

    private static PropertyReader ReaderOf(string name) =>
        new(typeof(PropertyReaderTests).GetProperty(name, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!);
}
