using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace GracefulExit.Tests.Harness;

/// <summary>What a child has written to one stream so far, to be waited on.</summary>
/// <remarks>Filled by one reader thread; read from any.</remarks>
public sealed class OutputLog
{
    private readonly object _gate = new();
    private readonly List<OutputLine> _lines = [];
    private readonly StringBuilder _text = new();
    private int _lineStart;
    private bool _ended;

    /// <summary>All text so far.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>All lines so far; once the stream has ended, an unfinished last one too.</summary>
    public IReadOnlyList<OutputLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Whether nothing more can come.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>Waits until a whole line equals <paramref name="text"/>.</summary>
    /// <returns>The line, or null if it did not come in time or can't come any more.</returns>
    public OutputLine? WaitForLine(string text, TimeSpan timeout)
    {
        int position = 0;
        return WaitForLine(text, timeout, ref position);
    }

    /// <summary>Waits until a whole line equals <paramref name="text"/>, from a position in the text on.</summary>
    /// <param name="text">The line.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="position">Where to begin: only lines that start there or later count. Afterwards the position after the found line.</param>
    /// <returns>The line, or null if it did not come in time or can't come any more.</returns>
    public OutputLine? WaitForLine(string text, TimeSpan timeout, ref int position)
    {
        int from = position;
        int next = 0;
        int start = 0;
        OutputLine? found = null;
        WaitFor(
            () =>
            {
                while (next < _lines.Count && found is null)
                {
                    var line = _lines[next++];
                    found = start >= from && line.Text == text ? line : null;
                    start += line.Text.Length + 1;
                }

                return found is not null;
            },
            timeout);
        if (found is not null)
        {
            position = start;
        }

        return found;
    }

    /// <summary>Waits until the text from a position on has a match for a regular expression.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="wholeLines">Whether to search finished lines only: a number that is still being written would match too.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="position">Where to begin; afterwards the position after the match.</param>
    /// <returns>The match, or null if it did not come in time or can't come any more.</returns>
    public Match? WaitForMatch(Regex pattern, bool wholeLines, TimeSpan timeout, ref int position)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        int from = position;
        Match? found = null;
        bool came = WaitFor(
            () =>
            {
                int length = wholeLines && !_ended ? _lineStart : _text.Length;
                found = length >= from ? pattern.Match(_text.ToString(0, length), from) : Match.Empty;
                return found.Success;
            },
            timeout);
        if (!came)
        {
            return null;
        }

        position = found!.Index + found.Length;
        return found;
    }

    /// <summary>Waits until the text from a position on contains <paramref name="text"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="position">Where to begin; afterwards the position after the found text.</param>
    /// <returns>Whether it came.</returns>
    public bool WaitForText(string text, TimeSpan timeout, ref int position)
    {
        int from = position;
        int found = -1;
        bool came = WaitFor(
            () =>
            {
                found = _text.ToString(from, _text.Length - from).IndexOf(text, StringComparison.Ordinal);
                return found >= 0;
            },
            timeout);
        if (came)
        {
            position = from + found + text.Length;
        }

        return came;
    }

    /// <summary>Waits until nothing more can come.</summary>
    public bool WaitForEnd(TimeSpan timeout) => WaitFor(() => _ended, timeout);

    internal void Append(string text, long timestamp)
    {
        lock (_gate)
        {
            int scanned = _text.Length;
            _text.Append(text);
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == '\n')
                {
                    AddLine(scanned + i, timestamp);
                    _lineStart = scanned + i + 1;
                }
            }

            Monitor.PulseAll(_gate);
        }
    }

    internal void End(long timestamp)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _ended = true;
                if (_lineStart < _text.Length)
                {
                    AddLine(_text.Length, timestamp);
                }
            }

            Monitor.PulseAll(_gate);
        }
    }

    private void AddLine(int end, long timestamp) =>
        _lines.Add(new OutputLine(_text.ToString(_lineStart, end - _lineStart), timestamp));

    private bool WaitFor(Func<bool> condition, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (!condition())
            {
                var left = timeout - Stopwatch.GetElapsedTime(start);
                if (_ended || left <= TimeSpan.Zero)
                {
                    return false;
                }

                // Rounded up, so that the last millisecond is not spent in a loop.
                Monitor.Wait(_gate, (int)Math.Min(left.TotalMilliseconds + 1, int.MaxValue));
            }

            return true;
        }
    }
}
