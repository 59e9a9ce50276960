using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using GracefulExit.Scopes;

namespace GracefulExit.Rescue;

/// <summary>
/// The variables, functions and modules that exit blocks name, and those that these functions name, as they are now in
/// the caller's session.
/// </summary>
/// <remarks>
/// Threads: the rescuing thread, while the caller's thread is stuck. Variables come by reference: the same objects.
/// </remarks>
internal sealed class SessionCapture
{
    /// <summary>Names that every runspace, or the rescue itself, gives a meaning of its own.</summary>
    private static readonly HashSet<string> OwnNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "args", "input", "this", "PSItem", "true", "false", "null", "Host", "ExecutionContext", "MyInvocation", "PID",
        "PSCmdlet", "PSBoundParameters", "PSHOME", "PSVersionTable", "ShellId", "Error", "StackTrace", "?", "^", "$",
        "IsLinux", "IsMacOS", "IsWindows", "IsCoreCLR", "foreach", "switch", "Matches", "NestedPromptLevel", "HOME",
    };

    private readonly SessionState _caller;
    private readonly Dictionary<string, object?> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ScriptBlock> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _modules = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seenCommands = new(StringComparer.OrdinalIgnoreCase);
    private string? _location;

    private SessionCapture(SessionState caller) => _caller = caller;

    /// <summary>Reads what the scope's exit blocks need.</summary>
    public static SessionCapture Take(ExitScope scope)
    {
        SessionCapture capture = new(scope.Caller.SessionState);
        Runspace? previous = Runspace.DefaultRunspace;
        try
        {
            // Looking up a command asks for the current thread's runspace.
            Runspace.DefaultRunspace = scope.Runspace;
            foreach (ScriptBlock block in scope.Options.ExitBlocks)
            {
                capture.Add(block);
            }

            capture._location = capture._caller.Path.CurrentFileSystemLocation.Path;
        }
        finally
        {
            Runspace.DefaultRunspace = previous;
        }

        capture._variables["_"] = scope.Context;
        return capture;
    }

    /// <summary>A copy of a script block that belongs to no session, so that it runs in any runspace.</summary>
    public static ScriptBlock Unbind(ScriptBlock block) =>
        // From the syntax tree where possible: errors then still tell the file and line.
        block.Ast is ScriptBlockAst tree ? tree.GetScriptBlock() : ScriptBlock.Create(block.ToString());

    /// <summary>Opens a runspace in which what was captured is there.</summary>
    public Runspace CreateRunspace(PSHost host)
    {
        // CreateDefault would load assemblies that a host on the bare engine does not have.
        InitialSessionState initial = InitialSessionState.CreateDefault2();
        initial.ThrowOnRunspaceOpenError = false;
        initial.ImportPSModule([.. _modules]);
        foreach ((string name, ScriptBlock body) in _functions)
        {
            initial.Commands.Add(new SessionStateFunctionEntry(name, body.ToString()));
        }

        Runspace runspace = RunspaceFactory.CreateRunspace(host, initial);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        foreach ((string name, object? value) in _variables)
        {
            runspace.SessionStateProxy.SetVariable(name, value);
        }

        if (_location is not null)
        {
            runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(_location));
        }

        return runspace;
    }

    private void Add(ScriptBlock block)
    {
        // Code of a module sees the module's own names first.
        SessionState session = block.Module?.SessionState ?? _caller;
        foreach (Ast node in block.Ast.FindAll(node => node is VariableExpressionAst or CommandAst, searchNestedScriptBlocks: true))
        {
            if (node is VariableExpressionAst variable)
            {
                AddVariable(session, variable.VariablePath);
            }
            else if (((CommandAst)node).GetCommandName() is { } name)
            {
                AddCommand(session, name);
            }
        }
    }

    private void AddVariable(SessionState session, VariablePath path)
    {
        string name = path.UserPath;
        string bare = name[(name.LastIndexOf(':') + 1)..];
        if (path.IsDriveQualified || OwnNames.Contains(bare) || _variables.ContainsKey(bare))
        {
            return;
        }

        PSVariable? variable = session.PSVariable.Get(name) ?? _caller.PSVariable.Get(name);
        if (variable is not null && !variable.Options.HasFlag(ScopedItemOptions.Constant))
        {
            _variables[bare] = variable.Value;
        }
    }

    private void AddCommand(SessionState session, string name)
    {
        if (!_seenCommands.Add(name))
        {
            return;
        }

        const CommandTypes wanted = CommandTypes.Function | CommandTypes.Filter | CommandTypes.Alias | CommandTypes.Cmdlet;
        switch (session.InvokeCommand.GetCommand(name, wanted))
        {
            case FunctionInfo function:
                _functions[function.Name] = function.ScriptBlock;
                Add(function.ScriptBlock);
                break;
            case AliasInfo { ResolvedCommand: { } target }:
                _functions[name] = ScriptBlock.Create($"& '{target.Name}' @args");
                AddCommand(session, target.Name);
                break;
            case CmdletInfo { Module: { } module } when !string.IsNullOrEmpty(module.Path):
                _modules.Add(module.Path);
                break;
            default:
                // An application, or nothing: the rescue runspace finds it the same way, or says that it can't.
                break;
        }
    }
}
