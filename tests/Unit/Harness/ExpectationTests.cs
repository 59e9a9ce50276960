using GracefulExit.Tests.Harness;

namespace GracefulExit.Unit.Harness;

public sealed class ExpectationTests
{
    [Fact]
    public void Equal_lines_have_no_difference() => Assert.Null(Expectation.Lines("output", ["a", "b"], ["a", "b"]));

    [Theory]
    [InlineData("a", "a,b", "output, line 2: expected no such line, got 'b'")]
    [InlineData("a,b", "a", "output, line 2: expected 'b', got no such line")]
    [InlineData("a,b,c", "a,c,b", "output, line 2: expected 'b', got 'c'")]
    public void Names_the_first_line_that_differs(string expected, string got, string message) =>
        Assert.Equal(message, Expectation.Lines("output", expected.Split(','), got.Split(',')));

    [Theory]
    [InlineData("a,b,c", "a,c", "  a,- b,  c")]
    [InlineData("a,c", "a,b,c", "  a,+ b,  c")]
    [InlineData("a,b", "a,x", "  a,- b,+ x")]
    public void Shows_lines_side_by_side(string expected, string got, string difference) =>
        Assert.Equal(difference.Split(','), Expectation.Difference(expected.Split(','), got.Split(',')));

    [Theory]
    [InlineData("a,^b$", null)]
    [InlineData("b,a", "output: expected a match for /a/ behind the matches before it, got none")]
    [InlineData("c", "output: expected a match for /c/, got none")]
    public void Patterns_match_in_order(string patterns, string? message) =>
        Assert.Equal(message, Expectation.Patterns("output", patterns.Split(','), "a\nb\n"));
}
