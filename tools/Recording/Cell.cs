namespace GracefulExit.Tools.Recording;

/// <summary>One character of a terminal.</summary>
internal readonly record struct Cell(char Character, Style Style)
{
    public static Cell Empty => new(' ', default);
}
