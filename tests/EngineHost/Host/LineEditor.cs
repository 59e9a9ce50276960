using System.Management.Automation;
using System.Text;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>
/// Reads a line from the terminal key by key. While it waits, Ctrl+C is a key like any other and no signal arrives,
/// as in pwsh when a script reads a line.
/// </summary>
internal static class LineEditor
{
    /// <summary>Reads a line; null after Ctrl+C.</summary>
    /// <param name="calledFromPipeline">Ctrl+C stops the pipeline that reads.</param>
    /// <param name="mask">What to show instead of each character.</param>
    public static string? Read(bool calledFromPipeline, char? mask)
    {
        var before = Console.TreatControlCAsInput;
        try
        {
            var line = new StringBuilder();
            var index = 0;
            var start = Console.CursorLeft;
            Console.TreatControlCAsInput = true;
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
                switch (key.Key)
                {
                    case ConsoleKey.C when control:
                        return calledFromPipeline ? throw new PipelineStoppedException() : null;
                    case ConsoleKey.Enter:
                        Console.Out.WriteLine();
                        return line.ToString();
                    case ConsoleKey.Backspace when index > 0:
                        line.Remove(--index, 1);
                        Show(line, index, start, mask, erase: 1);
                        break;
                    case ConsoleKey.Delete when index < line.Length:
                    case ConsoleKey.D when control && index < line.Length:
                        line.Remove(index, 1);
                        Show(line, index, start, mask, erase: 1);
                        break;
                    case ConsoleKey.LeftArrow when index > 0:
                        Show(line, --index, start, mask, erase: 0);
                        break;
                    case ConsoleKey.RightArrow when index < line.Length:
                        Show(line, ++index, start, mask, erase: 0);
                        break;
                    case ConsoleKey.Home:
                        Show(line, index = 0, start, mask, erase: 0);
                        break;
                    case ConsoleKey.End:
                        Show(line, index = line.Length, start, mask, erase: 0);
                        break;
                    case ConsoleKey.Escape:
                        var length = line.Length;
                        line.Clear();
                        Show(line, index = 0, start, mask, length);
                        break;
                    default:
                        if (char.IsControl(key.KeyChar))
                        {
                            break;
                        }

                        line.Insert(index++, key.KeyChar);
                        if (index == line.Length)
                        {
                            // Appending needs no redrawing, and so works for lines longer than the window.
                            Console.Out.Write(mask ?? key.KeyChar);
                        }
                        else
                        {
                            Show(line, index, start, mask, erase: 0);
                        }

                        break;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = before;
        }
    }

    private static void Show(StringBuilder line, int index, int start, char? mask, int erase)
    {
        var text = mask is { } character ? new string(character, line.Length) : line.ToString();
        Console.CursorLeft = start;
        Console.Out.Write(text + new string(' ', erase));
        Console.CursorLeft = start + index;
    }
}
