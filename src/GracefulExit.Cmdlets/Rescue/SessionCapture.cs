using System.Management.Automation;
using GracefulExit.Blocks;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using GracefulExit.Guard;

namespace GracefulExit.Rescue;

/// <summary>
/// Finds the variables, functions and modules that exit blocks name, and those that these functions name, as they are now
/// in the caller's session.
/// </summary>
/// <remarks>
/// Threads: the rescuing thread, while the caller's thread is stuck; or the caller's own, when a scope that is to be
/// guarded begins.
/// </remarks>
internal sealed class SessionCapture
{
    /// <summary>Names that every runspace, or the rescue itself, gives a meaning of its own.</summary>
    private static readonly HashSet<string> OwnNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "args", "input", "this", "PSItem", "true", "false", "null", "Host", "ExecutionContext", "MyInvocation", "PID",
        "PSCmdlet", "PSBoundParameters", "PSHOME", "PSVersionTable", "ShellId", "Error", "StackTrace", "?", "^", "$",
        "IsLinux", "IsMacOS", "IsWindows", "IsCoreCLR", "foreach", "switch", "Matches", "NestedPromptLevel", "HOME",
        "PWD", "PROFILE", "PSStyle", "PSEdition", "PSCulture", "PSUICulture", "EnabledExperimentalFeatures",
    };

    private readonly SessionState _caller;
    private readonly bool _forOtherProcess;
    private readonly Dictionary<string, object?> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _modules = new(StringComparer.OrdinalIgnoreCase);
    private readonly ScriptTypes _types = new();
    private readonly HashSet<string> _seenCommands = new(StringComparer.OrdinalIgnoreCase);

    private SessionCapture(SessionState caller, bool forOtherProcess)
    {
        _caller = caller;
        _forOtherProcess = forOtherProcess;
    }

    /// <summary>Reads what the scope's exit blocks need.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="forOtherProcess">
    /// True: functions of a module that has a file are left to the module, which the other process imports; and a command
    /// that nobody has used yet is not looked for in all modules that are installed, which takes its time and loads the
    /// module into the caller's session: the other process finds it the same way then. Classes go along.
    /// </param>
    public static CapturedSession Take(ScopeContents scope, bool forOtherProcess)
    {
        SessionCapture capture = new(scope.Caller.SessionState, forOtherProcess);
        Runspace? previous = Runspace.DefaultRunspace;
        try
        {
            // Looking up a command asks for the current thread's runspace.
            Runspace.DefaultRunspace = scope.Runspace;
            foreach (ExitBlock block in scope.Blocks)
            {
                capture.Add(block.Script);
            }

            return new CapturedSession
            {
                Variables = capture._variables,
                Functions = capture._functions,
                Modules = capture._modules,
                Types = [.. capture._types.Definitions],
                MissingTypes = capture._types.Missing,
                Location = capture._caller.Path.CurrentFileSystemLocation.Path,
            };
        }
        finally
        {
            Runspace.DefaultRunspace = previous;
        }
    }

    /// <summary>A copy of a script block that belongs to no session, so that it runs in any runspace.</summary>
    public static ScriptBlock Unbind(ScriptBlock block) =>
        // From the syntax tree where possible: errors then still tell the file and line.
        block.Ast is ScriptBlockAst tree ? tree.GetScriptBlock() : ScriptBlock.Create(block.ToString());

    private void Add(ScriptBlock block)
    {
        // Code of a module sees the module's own names first.
        Add(block.Ast, block.Module?.SessionState ?? _caller);
    }

    private void Add(Ast code, SessionState session)
    {
        foreach (Ast node in code.FindAll(node => node is VariableExpressionAst or CommandAst, searchNestedScriptBlocks: true))
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

        // In this process a second definition would be another type of the same name, which its objects are not of.
        foreach (TypeDefinitionAst type in _forOtherProcess ? _types.Add(code).ToArray() : [])
        {
            Add(type, session);
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
        CommandInfo? found = SessionFunctions.Find(session, name) ?? SessionFunctions.Find(_caller, name) ?? (_forOtherProcess
            ? session.InvokeCommand.GetCommands(name, wanted, nameIsPattern: false).FirstOrDefault()
            : session.InvokeCommand.GetCommand(name, wanted));
        switch (found)
        {
            case FunctionInfo { Module: { } module } exported when _forOtherProcess
                && module.ExportedFunctions.ContainsKey(exported.Name) && File.Exists(module.Path):
                _modules.Add(module.Path);
                break;
            case FunctionInfo function:
                _functions[function.Name] = ScriptText.Of(function.ScriptBlock).Definition;
                Add(function.ScriptBlock);
                break;
            case AliasInfo { ResolvedCommand: { } target }:
                _functions[name] = $"& '{target.Name}' @args";
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
