namespace GracefulExit.Tests.EngineHost.Host;

/// <summary><c>$Host.PrivateData</c>: colours that scripts read and set; the shell itself styles its text with escape sequences.</summary>
public sealed class ConsoleColors
{
    public ConsoleColor FormatAccentColor { get; set; } = ConsoleColor.Green;

    public ConsoleColor ErrorAccentColor { get; set; } = ConsoleColor.Cyan;

    public ConsoleColor ErrorForegroundColor { get; set; } = ConsoleColor.Red;

    public ConsoleColor ErrorBackgroundColor { get; set; } = Console.BackgroundColor;

    public ConsoleColor WarningForegroundColor { get; set; } = ConsoleColor.Yellow;

    public ConsoleColor WarningBackgroundColor { get; set; } = Console.BackgroundColor;

    public ConsoleColor DebugForegroundColor { get; set; } = ConsoleColor.Yellow;

    public ConsoleColor DebugBackgroundColor { get; set; } = Console.BackgroundColor;

    public ConsoleColor VerboseForegroundColor { get; set; } = ConsoleColor.Yellow;

    public ConsoleColor VerboseBackgroundColor { get; set; } = Console.BackgroundColor;

    public ConsoleColor ProgressForegroundColor { get; set; } = ConsoleColor.Black;

    public ConsoleColor ProgressBackgroundColor { get; set; } = ConsoleColor.Yellow;
}
