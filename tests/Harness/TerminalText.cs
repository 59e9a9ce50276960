using System.Globalization;
using System.Text;

namespace GracefulExit.Tests.Harness;

/// <summary>Reduces what a child writes to its terminal to plain text, and answers for the terminal.</summary>
/// <remarks>
/// Escape sequences and carriage returns are dropped. Only one query is answered, the cursor position (<c>ESC [ 6 n</c>):
/// line editors send it and wait for the answer. The position is tracked well enough for that.
/// </remarks>
internal sealed class TerminalText(TerminalSize size, Action<string> answer)
{
    private readonly StringBuilder _sequence = new();
    private State _state = State.Text;
    private int _row = 1;
    private int _column = 1;

    private enum State
    {
        Text,
        Escape,
        Charset,
        Control,
        OperatingSystem,
        OperatingSystemEscape,
    }

    public string Filter(string raw)
    {
        var plain = new StringBuilder(raw.Length);
        foreach (char character in raw)
        {
            Accept(character, plain);
        }

        return plain.ToString();
    }

    private void Accept(char character, StringBuilder plain)
    {
        switch (_state)
        {
            case State.Text when character == '\u001b':
                _state = State.Escape;
                break;
            case State.Text:
                Print(character, plain);
                break;
            case State.Escape:
                _sequence.Clear();
                _state = character switch
                {
                    '[' => State.Control,
                    ']' => State.OperatingSystem,
                    '(' or ')' => State.Charset,
                    _ => State.Text,
                };
                break;
            case State.Control when character is >= '@' and <= '~':
                _state = State.Text;
                Control(character);
                break;
            case State.Control:
                _sequence.Append(character);
                break;
            case State.OperatingSystem when character == '\u001b':
                _state = State.OperatingSystemEscape;
                break;
            case State.OperatingSystem when character != '\a':
                break;
            default:
                _state = State.Text;
                break;
        }
    }

    private void Print(char character, StringBuilder plain)
    {
        switch (character)
        {
            case '\r':
                _column = 1;
                return;
            case '\n':
                _row = Math.Min(_row + 1, size.Rows);
                break;
            case '\b':
                _column = Math.Max(_column - 1, 1);
                break;
            case >= ' ':
                if (++_column > size.Columns)
                {
                    _column = 1;
                    _row = Math.Min(_row + 1, size.Rows);
                }

                break;
        }

        plain.Append(character);
    }

    private void Control(char final)
    {
        string parameters = _sequence.ToString();
        switch (final)
        {
            case 'n' when parameters == "6":
                answer(string.Create(CultureInfo.InvariantCulture, $"\u001b[{_row};{_column}R"));
                break;
            case 'A':
                _row -= Parameter(parameters, 0);
                break;
            case 'B':
                _row += Parameter(parameters, 0);
                break;
            case 'C':
                _column += Parameter(parameters, 0);
                break;
            case 'D':
                _column -= Parameter(parameters, 0);
                break;
            case 'G':
                _column = Parameter(parameters, 0);
                break;
            case 'H' or 'f':
                _row = Parameter(parameters, 0);
                _column = Parameter(parameters, 1);
                break;
        }

        _row = Math.Clamp(_row, 1, size.Rows);
        _column = Math.Clamp(_column, 1, size.Columns);
    }

    private static int Parameter(string parameters, int index)
    {
        string[] parts = parameters.Split(';');
        return index < parts.Length && int.TryParse(parts[index], CultureInfo.InvariantCulture, out int value) ? value : 1;
    }
}
