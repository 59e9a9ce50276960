using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>
/// One run of the shell, from the open runspace to the exit status. The main thread runs it; the Ctrl+C thread
/// calls <see cref="StopRunning"/> and <see cref="CloseRunspace"/>; <see cref="SetShouldExit"/> may be called from
/// any pipeline.
/// </summary>
internal sealed class ShellSession
{
    private readonly Lock _lock = new();
    private readonly CommandLine _options;
    private readonly ConsoleUserInterface _ui;
    private readonly BreakHandler _breakHandler;
    private readonly Stack<PromptLoop> _loops = new();
    private Runspace? _runspace;
    private DebuggerStopEventArgs? _debuggerStop;
    private bool _shouldEnd;
    private volatile bool _closed;
    private int? _exitCode;

    public ShellSession(CommandLine options)
    {
        _options = options;
        _ui = new ConsoleUserInterface(options);
        _breakHandler = new BreakHandler(this);
    }

    /// <summary>The runspace that everything runs in.</summary>
    public Runspace Runspace => _runspace ?? throw new InvalidOperationException("The runspace is not open.");

    /// <summary>See <see cref="CommandLine.NonInteractive"/>.</summary>
    public bool NonInteractive => _options.NonInteractive;

    /// <summary>Standard input is not a terminal, so that it may be data for the script.</summary>
    public bool RunsBesideInput => Console.IsInputRedirected && !(_ui.IsPrompting && !_ui.ReadsInputAsFile);

    /// <summary>The session ends as soon as the main thread can. Never goes back to false.</summary>
    public bool ShouldEnd
    {
        get
        {
            lock (_lock)
            {
                return _shouldEnd;
            }
        }

        set
        {
            lock (_lock)
            {
                _shouldEnd |= value;
            }
        }
    }

    /// <summary>Runs the session and returns the exit status.</summary>
    public int Run()
    {
        PutHomeFirstOnPath();
        Thread.CurrentThread.Name = "EngineHost main thread";
        if (_options.Error is { } error)
        {
            Console.Error.WriteLine(error);
            Console.Out.WriteLine();
            Console.Out.WriteLine("Usage: EngineHost [-NoProfile] [-NonInteractive] [-NoLogo] [-NoExit] [-WorkingDirectory <path>]");
            Console.Out.WriteLine("                  [[-File] <path> [args] | -Command { - | <text> } | -EncodedCommand <base64>]");
            return CommandLine.BadCommandLine;
        }

        if (_options.ShowVersion)
        {
            Console.Out.WriteLine("PowerShell " + PSVersionInfo.PSVersion);
            return 0;
        }

        if (_options.ServerMode)
        {
            EngineInternals.ServeJob(_options.Command ?? string.Empty, _options.WorkingDirectory);
            return 0;
        }

        if (!_options.NoLogo)
        {
            _ui.WriteLine("PowerShell " + PSVersionInfo.PSVersion);
        }

        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        _breakHandler.Install();
        OpenRunspace();
        try
        {
            var failed = Initialize();
            if (_options.NoExit)
            {
                EnterNestedPrompt();
            }

            // Not before: the break handler closes the runspace of a session that is to end.
            ShouldEnd = true;
            return _exitCode ?? (failed || !LastStatementSucceeded() ? 1 : 0);
        }
        finally
        {
            // Raises PowerShell.Exiting. Not disposed of: the Ctrl+C thread may be closing it as well.
            Runspace.Close();
            _closed = true;
        }
    }

    /// <summary><c>exit</c> or <c>$Host.SetShouldExit</c>.</summary>
    public void SetShouldExit(int exitCode)
    {
        lock (_lock)
        {
            if (_debuggerStop is not null)
            {
                LeaveDebugger(DebuggerResumeAction.Continue);
                return;
            }

            _exitCode = exitCode;
            _shouldEnd = true;
        }
    }

    /// <summary>Runs a prompt inside whatever runs.</summary>
    public void EnterNestedPrompt()
    {
        var outer = PipelineRunner.Current;
        try
        {
            // A Ctrl+C in the nested prompt is not for the pipeline that it stands in.
            PipelineRunner.Current = null;
            var loop = new PromptLoop(this, _ui, _breakHandler, _options.NoPrompt, nested: outer is not null);
            _loops.Push(loop);
            loop.Run();
            _loops.Pop();
        }
        finally
        {
            PipelineRunner.Current = outer;
        }
    }

    /// <summary>Ends the innermost prompt.</summary>
    public void ExitNestedPrompt()
    {
        lock (_lock)
        {
            if (!_loops.TryPeek(out var loop))
            {
                throw new InvalidOperationException("There is no nested prompt.");
            }

            loop.Leave();
        }
    }

    /// <summary>Stops what runs at this moment.</summary>
    public void StopRunning()
    {
        if (_debuggerStop is not null)
        {
            Runspace.Debugger.StopProcessCommand();
        }
        else
        {
            PipelineRunner.Current?.Stop();
        }
    }

    /// <summary>Ends the session from the Ctrl+C thread.</summary>
    public void CloseRunspace() => _runspace?.Close();

    /// <summary>Stops the running script at its next statement and opens the debugger's prompt.</summary>
    public void BreakIntoDebugger()
    {
        if (PipelineRunner.Current is not null)
        {
            _runspace?.Debugger?.SetDebuggerStepMode(true);
        }
    }

    /// <summary>Runs a line in the debugger; null if the script is not stopped in it.</summary>
    public DebuggerCommandResults? RunInDebugger(string line)
    {
        if (_debuggerStop is null)
        {
            return null;
        }

        using var show = System.Management.Automation.PowerShell.Create(InitialSessionState.CreateDefault2());
        using var output = new PSDataCollection<PSObject>();
        var shown = show.AddCommand("Out-Default").BeginInvoke(output, new PSInvocationSettings { Host = EngineInternals.EngineHostOf(Runspace) }, null, null);
        var results = Runspace.Debugger.ProcessCommand(new PSCommand().AddScript(line), output);
        output.Complete();
        show.EndInvoke(shown);
        if (results.ResumeAction is { } action)
        {
            LeaveDebugger(action);
        }

        return results;
    }

    // The shell that a script calls by its own name is this one.
    private static void PutHomeFirstOnPath()
    {
        var home = Path.GetDirectoryName(typeof(PSObject).Assembly.Location) + Path.PathSeparator;
        var path = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;
        if (!path.StartsWith(home, StringComparison.Ordinal))
        {
            Environment.SetEnvironmentVariable("PATH", home + path);
        }
    }

    private void OpenRunspace()
    {
        EngineInternals.ForgetMissingSnapIns();
        var state = InitialSessionState.CreateDefault2();
        StandIns.AddTo(state);
        var runspace = RunspaceFactory.CreateRunspace(new ShellHost(this, _ui), state);
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        EngineInternals.MakePrimary(runspace);
        _runspace = runspace;
        if (runspace.Debugger is { } debugger)
        {
            debugger.SetDebugMode(DebugModes.LocalScript | DebugModes.RemoteScript);
            debugger.DebuggerStop += OnDebuggerStop;
        }
    }

    // Returns whether something failed that decides the exit status.
    private bool Initialize()
    {
        var runner = new PipelineRunner(this);
        var failed = false;
        if (_options.WorkingDirectory is { } directory)
        {
            var pipeline = runner.Create();
            pipeline.Commands.Add(new Command("Set-Location") { Parameters = { { "LiteralPath", directory } } });
            if (runner.RunAndShow(pipeline) is { } error)
            {
                failed = true;
                runner.Report(error);
            }
        }

        Runspace.SessionStateProxy.SetVariable("PROFILE", string.Empty);
        if (_options.File is not null)
        {
            RunFile(runner, _options.File);
        }
        else if (!string.IsNullOrEmpty(_options.Command))
        {
            failed |= RunCommand(runner, _options.Command);
        }

        return failed;
    }

    private void RunFile(PipelineRunner runner, string file)
    {
        // Anything but a .ps1 file is read as text, so that a script with a "#!" line needs no extension.
        var command = file.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
            ? new Command(file, isScript: false, useLocalScope: false)
            : new Command(File.ReadAllText(file), isScript: true, useLocalScope: false);
        AddArguments(command);
        var pipeline = runner.Create();
        pipeline.Commands.Add(command);
        if (!_options.NoExit)
        {
            EngineInternals.LetScriptsExit(Runspace);
        }

        if (runner.RunAndShow(pipeline, InputFor(() => Parser.ParseFile(file, out _, out _))) is { } error)
        {
            if (!_options.NoExit)
            {
                lock (_lock)
                {
                    _exitCode = 1;
                    _shouldEnd = true;
                }
            }

            runner.Report(error);
        }
    }

    private bool RunCommand(PipelineRunner runner, string text)
    {
        var pipeline = runner.Create(text, addToHistory: true);
        AddArguments(pipeline.Commands[0]);
        if (runner.RunAndShow(pipeline, InputFor(() => Parser.ParseInput(text, out _, out _))) is { } error)
        {
            runner.Report(error);
            return true;
        }

        return false;
    }

    private void AddArguments(Command command)
    {
        foreach (var argument in _options.Arguments)
        {
            command.Parameters.Add(argument);
        }
    }

    // Standard input is the script's $input if the script names it; otherwise it stays for whoever reads it.
    private IEnumerable<object>? InputFor(Func<Ast> parse)
    {
        if (!RunsBesideInput || !EngineInternals.UsesInput(parse()))
        {
            return null;
        }

        _ui.ReadsInputAsFile = false;
        return Lines();

        static IEnumerable<object> Lines()
        {
            while (Console.In.ReadLine() is { } line)
            {
                yield return line;
            }
        }
    }

    private bool LastStatementSucceeded()
    {
        try
        {
            var results = new PipelineRunner(this).Run("$global:?", out _);
            return results is [var result, ..] && LanguagePrimitives.IsTrue(result);
        }
        catch (InvalidRunspaceStateException)
        {
            // SIGQUIT has closed it already.
            return false;
        }
    }

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs args)
    {
        if (_closed)
        {
            return;
        }

        ShouldEnd = true;
        _ui.WriteLine();
        _ui.Write(ConsoleColor.Red, _ui.RawUI.BackgroundColor, "An error has occurred that was not properly handled. Additional information is shown below. The PowerShell process will exit.");
        _ui.WriteLine();
    }

    private void OnDebuggerStop(object? sender, DebuggerStopEventArgs args)
    {
        _debuggerStop = args;
        try
        {
            _ui.WriteLine("Entering debug mode. Use h or ? for help. ");
            _ui.WriteLine();
            foreach (var breakpoint in args.Breakpoints)
            {
                _ui.WriteLine($"Hit {breakpoint}");
            }

            _ui.WriteLine(args.InvocationInfo?.PositionMessage ?? string.Empty);
            EngineInternals.EngineHostOf(Runspace).EnterNestedPrompt();
        }
        finally
        {
            _debuggerStop = null;
        }
    }

    private void LeaveDebugger(DebuggerResumeAction action)
    {
        _debuggerStop?.ResumeAction = action;
        try
        {
            EngineInternals.EngineHostOf(Runspace).ExitNestedPrompt();
        }
        catch (FlowControlException)
        {
            // The engine's way to say that the prompt ends.
        }
    }
}
