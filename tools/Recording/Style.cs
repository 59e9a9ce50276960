namespace GracefulExit.Tools.Recording;

/// <summary>How a character looks; colours are CSS, null for the terminal's own.</summary>
internal readonly record struct Style(string? Foreground, string? Background, bool Bold, bool Italic, bool Inverse);
