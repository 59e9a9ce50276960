using System.Globalization;
using System.Text;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Recording;

/// <summary>What a terminal shows after what was written to it: as much of xterm as shells and line editors use.</summary>
internal sealed class Screen
{
    // The sixteen colours, after the usual dark themes.
    private static readonly string[] Palette =
    [
        "#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
        "#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
    ];

    private readonly TerminalSize _size;
    private readonly Cell[][] _rows;
    private readonly StringBuilder _sequence = new();
    private State _state;
    private Style _style;
    private int _row;
    private int _column;
    private (int Row, int Column) _saved;
    private bool _cursorHidden;

    public Screen(TerminalSize size)
    {
        _size = size;
        _rows = [.. Enumerable.Range(0, size.Rows).Select(_ => EmptyRow())];
    }

    private enum State
    {
        Text,
        Escape,
        Charset,
        Control,
        OperatingSystem,
        OperatingSystemEscape,
    }

    /// <summary>The row that the cursor is in, from 0.</summary>
    public int CursorRow => _row;

    /// <summary>The rows as they are now, the cursor as an inverse character.</summary>
    public Cell[][] Rows()
    {
        Cell[][] rows = [.. _rows.Select(row => (Cell[])row.Clone())];
        if (!_cursorHidden && _column < _size.Columns)
        {
            Cell cell = rows[_row][_column];
            rows[_row][_column] = cell with { Style = cell.Style with { Inverse = !cell.Style.Inverse } };
        }

        return rows;
    }

    public void Write(string text)
    {
        foreach (char character in text)
        {
            Accept(character);
        }
    }

    private void Accept(char character)
    {
        switch (_state)
        {
            case State.Text when character == '\u001b':
                _state = State.Escape;
                break;
            case State.Text:
                Print(character);
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
                if (character == '7')
                {
                    _saved = (_row, _column);
                }
                else if (character == '8')
                {
                    (_row, _column) = _saved;
                }

                break;
            case State.Control when character is >= '@' and <= '~':
                _state = State.Text;
                Control(character, _sequence.ToString());
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

    private void Print(char character)
    {
        switch (character)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                LineFeed();
                break;
            case '\b':
                _column = Math.Max(_column - 1, 0);
                break;
            case '\t':
                _column = Math.Min((_column / 8 + 1) * 8, _size.Columns - 1);
                break;
            case >= ' ':
                // The line is wrapped by the character that no longer fits.
                if (_column == _size.Columns)
                {
                    _column = 0;
                    LineFeed();
                }

                _rows[_row][_column++] = new Cell(character, _style);
                break;
        }
    }

    private void LineFeed()
    {
        if (++_row < _size.Rows)
        {
            return;
        }

        _row = _size.Rows - 1;
        Array.Copy(_rows, 1, _rows, 0, _row);
        _rows[_row] = EmptyRow();
    }

    private void Control(char final, string parameters)
    {
        if (parameters.StartsWith('?'))
        {
            _cursorHidden = parameters == "?25" ? final == 'l' : _cursorHidden;
            return;
        }

        int[] numbers = [.. parameters.Split(';').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        int count = Math.Max(numbers[0], 1);
        switch (final)
        {
            case 'A': _row -= count; break;
            case 'B': _row += count; break;
            case 'C': _column += count; break;
            case 'D': _column -= count; break;
            case 'G': _column = count - 1; break;
            case 'd': _row = count - 1; break;
            case 'H' or 'f':
                _row = count - 1;
                _column = numbers.Length > 1 ? Math.Max(numbers[1], 1) - 1 : 0;
                break;
            case 'J': EraseDisplay(numbers[0]); break;
            case 'K': EraseLine(numbers[0]); break;
            case 'm': Colour(numbers); break;
        }

        _row = Math.Clamp(_row, 0, _size.Rows - 1);
        _column = Math.Clamp(_column, 0, final == 'm' ? _size.Columns : _size.Columns - 1);
    }

    private void EraseDisplay(int what)
    {
        EraseLine(what);
        for (int row = 0; row < _size.Rows; row++)
        {
            if (what >= 2 || (what == 0 && row > _row) || (what == 1 && row < _row))
            {
                _rows[row] = EmptyRow();
            }
        }
    }

    private void EraseLine(int what)
    {
        int from = what == 0 ? _column : 0;
        int to = what == 1 ? Math.Min(_column + 1, _size.Columns) : _size.Columns;
        for (int column = from; column < to; column++)
        {
            _rows[_row][column] = Cell.Empty;
        }
    }

    private void Colour(int[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            _style = numbers[i] switch
            {
                0 => default,
                1 => _style with { Bold = true },
                3 => _style with { Italic = true },
                7 => _style with { Inverse = true },
                22 => _style with { Bold = false },
                23 => _style with { Italic = false },
                27 => _style with { Inverse = false },
                >= 30 and <= 37 => _style with { Foreground = Palette[numbers[i] - 30] },
                39 => _style with { Foreground = null },
                >= 40 and <= 47 => _style with { Background = Palette[numbers[i] - 40] },
                49 => _style with { Background = null },
                >= 90 and <= 97 => _style with { Foreground = Palette[numbers[i] - 82] },
                >= 100 and <= 107 => _style with { Background = Palette[numbers[i] - 92] },
                38 => _style with { Foreground = Extended(numbers, ref i) },
                48 => _style with { Background = Extended(numbers, ref i) },
                _ => _style,
            };
        }
    }

    // 38;5;N or 38;2;R;G;B.
    private static string? Extended(int[] numbers, ref int i)
    {
        if (i + 2 < numbers.Length && numbers[i + 1] == 5)
        {
            i += 2;
            return numbers[i] switch
            {
                < 16 => Palette[numbers[i]],
                < 232 => Rgb(Level((numbers[i] - 16) / 36), Level((numbers[i] - 16) / 6 % 6), Level((numbers[i] - 16) % 6)),
                _ => Rgb(8 + (numbers[i] - 232) * 10, 8 + (numbers[i] - 232) * 10, 8 + (numbers[i] - 232) * 10),
            };
        }

        if (i + 4 < numbers.Length && numbers[i + 1] == 2)
        {
            i += 4;
            return Rgb(numbers[i - 2], numbers[i - 1], numbers[i]);
        }

        return null;

        static int Level(int step) => step == 0 ? 0 : 55 + step * 40;
        static string Rgb(int red, int green, int blue) => $"#{red:x2}{green:x2}{blue:x2}";
    }

    private Cell[] EmptyRow() => [.. Enumerable.Repeat(Cell.Empty, _size.Columns)];
}
