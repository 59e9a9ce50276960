using System.Management.Automation;
using System.Text;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>Prompt, line, run, again: on a terminal, and over commands that come from standard input.</summary>
internal sealed class PromptLoop
{
    // Asks the terminal for the cursor keys that .NET's console expects, and back for everyone else.
    private const string ApplicationCursorKeys = "\u001b[?1h";
    private const string NormalCursorKeys = "\u001b[?1l";

    private readonly ShellSession _session;
    private readonly ConsoleUserInterface _ui;
    private readonly BreakHandler _breakHandler;
    private readonly bool _noPrompt;
    private readonly PipelineRunner _runner;
    private readonly PipelineRunner _promptRunner;
    private bool _leave;

    public PromptLoop(ShellSession session, ConsoleUserInterface ui, BreakHandler breakHandler, bool noPrompt, bool nested)
    {
        (_session, _ui, _breakHandler, _noPrompt) = (session, ui, breakHandler, noPrompt);
        _runner = new PipelineRunner(session, nested);
        _promptRunner = new PipelineRunner(session, nested, forPrompt: true);
    }

    /// <summary>Ends the loop after the current line.</summary>
    public void Leave() => _leave = true;

    /// <summary>Runs until <c>exit</c>, the end of the input or the end of the session.</summary>
    public void Run()
    {
        StringBuilder? block = null;
        while (!_session.ShouldEnd && !_leave)
        {
            _ui.IsPrompting = true;
            try
            {
                var line = ReadLine(inBlock: block is not null);
                if (line is null)
                {
                    block = null;
                    if (!_ui.ReadsInputAsFile)
                    {
                        _ui.WriteLine();
                    }

                    if (Console.IsInputRedirected)
                    {
                        _session.ShouldEnd = true;
                        break;
                    }

                    continue;
                }

                if (block is not null && !string.IsNullOrWhiteSpace(line))
                {
                    block.Append('\n').Append(line);
                    continue;
                }

                if (block is not null)
                {
                    line = block.ToString();
                    block = null;
                }
                else if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                if (RunLine(line) is { } error)
                {
                    if (error is IncompleteParseException)
                    {
                        block = new StringBuilder(line);
                    }
                    else
                    {
                        _runner.Report(error);
                    }
                }
            }
            finally
            {
                _ui.IsPrompting = false;
            }
        }
    }

    private string? ReadLine(bool inBlock)
    {
        if (!_noPrompt)
        {
            if (!inBlock && _ui.RawUI.CursorPosition.X != 0)
            {
                _ui.WriteLine();
            }

            _ui.Write(inBlock ? ">> " : Prompt());
        }

        if (_ui.SupportsVirtualTerminal)
        {
            _ui.Write(ApplicationCursorKeys);
        }

        return _ui.ReadLine(calledFromPipeline: false);
    }

    private string Prompt()
    {
        var results = _promptRunner.Run("prompt", out _);
        var text = results is [{ } first, ..] ? first.BaseObject.ToString() : null;
        return string.IsNullOrEmpty(text) ? "PS>" : text;
    }

    private Exception? RunLine(string line)
    {
        try
        {
            if (_session.RunInDebugger(line) is not null)
            {
                return null;
            }
        }
        catch (RuntimeException exception)
        {
            return exception;
        }

        if (_ui.SupportsVirtualTerminal)
        {
            _ui.Write(NormalCursorKeys);
        }

        var error = _runner.RunAndShow(_runner.Create(line, addToHistory: true));
        _breakHandler.WaitForStop();
        return error;
    }
}
