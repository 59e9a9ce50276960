using System.Diagnostics;
using System.Text.RegularExpressions;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tools.Recording;

/// <summary>A terminal with a shell in it, which is typed to and whose output is kept with its times.</summary>
/// <remarks>The output comes from the harness's reader thread; all else is for one thread.</remarks>
internal sealed class Pane : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<(TimeSpan At, string Text)> _output = [];
    private readonly List<(TimeSpan At, string Name)> _keys = [];
    private readonly ShellProcess _process;
    private readonly Stopwatch _clock;
    private int _position;

    public Pane(string title, TerminalSize size, ShellStart start, Stopwatch clock)
    {
        Title = title;
        Size = size;
        _clock = clock;
        _process = ShellProcess.Start(start with { TerminalSize = size, OnTerminalOutput = Keep });
    }

    public string Title { get; }

    public TerminalSize Size { get; }

    /// <summary>What the terminal got so far, and when.</summary>
    public IReadOnlyList<(TimeSpan At, string Text)> Output
    {
        get
        {
            lock (_output)
            {
                return [.. _output];
            }
        }
    }

    /// <summary>The keys that show nothing by themselves, and when they were pressed.</summary>
    public IReadOnlyList<(TimeSpan At, string Name)> Keys => _keys;

    /// <summary>Waits until the terminal shows a text, after what the previous wait found.</summary>
    public void Expect(string text)
    {
        if (!_process.Output.WaitForText(text, Patience, ref _position))
        {
            throw new InvalidOperationException($"{Title} does not show '{text}', but:{Environment.NewLine}{_process.Output.Text}");
        }
    }

    /// <summary>Waits for a pattern, after what the previous wait found.</summary>
    /// <returns>Its first group.</returns>
    public string Find(Regex pattern)
    {
        int position = _position;
        long start = Stopwatch.GetTimestamp();
        Match match;
        while (!(match = pattern.Match(_process.Output.Text, _position)).Success)
        {
            // The end of a line is what may complete it.
            if (Stopwatch.GetElapsedTime(start) > Patience || !_process.Output.WaitForText("\n", Patience, ref position))
            {
                throw new InvalidOperationException($"{Title} does not show '{pattern}', but:{Environment.NewLine}{_process.Output.Text}");
            }
        }

        _position = match.Index + match.Length;
        return match.Groups[1].Value;
    }

    /// <summary>Types as a person would.</summary>
    public void Type(string text)
    {
        foreach (char key in text)
        {
            _process.Write(key.ToString());
            Thread.Sleep(45);
        }
    }

    /// <summary>Presses a key that shows nothing by itself.</summary>
    public void Press(string name, char key)
    {
        _keys.Add((_clock.Elapsed, name));
        _process.Write(key.ToString());
    }

    /// <summary>Forgets when things were shown up to now: what a shell shows as it starts is there from the beginning.</summary>
    public void Clear()
    {
        lock (_output)
        {
            string all = string.Concat(_output.Select(piece => piece.Text));
            _output.Clear();
            _output.Add((TimeSpan.Zero, all));
        }
    }

    public void Dispose() => _process.Dispose();

    private void Keep(string text)
    {
        lock (_output)
        {
            _output.Add((_clock.Elapsed, text));
        }
    }
}
