using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;

namespace GracefulExit.Rescue;

/// <summary>
/// Finds what exit blocks need in the caller's session, as it is now: the variables, functions, aliases and modules that they
/// and their functions name, and the settings that make the session safe, named or not.
/// </summary>
/// <remarks>
/// Threads: the rescuing thread, while the caller's thread is stuck; or the caller's own, when a guarded scope begins.
/// </remarks>
internal sealed class SessionCapture
{
    /// <summary>Names that have their own meaning in every runspace or in the rescue.</summary>
    private static readonly HashSet<string> OwnNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "args", "input", "PSItem", "true", "false", "null", "Host", "ExecutionContext", "MyInvocation", "PSCmdlet",
        "PSBoundParameters", "PSHOME", "PSVersionTable", "ShellId", "Error", "StackTrace", "?", "^", "$", "IsLinux", "IsMacOS",
        "IsWindows", "IsCoreCLR", "foreach", "switch", "NestedPromptLevel", "PWD", "PSStyle", "PSEdition", "PSCulture",
        "PSUICulture", "EnabledExperimentalFeatures", "PSScriptRoot", "PSCommandPath",
    };

    /// <summary>
    /// Variables that decide how commands behave: whether they do anything at all (<c>$WhatIfPreference</c>), which values their
    /// parameters have (<c>$PSDefaultParameterValues</c>), what happens on an error. And <c>$PID</c>, which is part of many file names.
    /// </summary>
    private static readonly string[] Always =
    [
        "ConfirmPreference", "DebugPreference", "ErrorActionPreference", "ErrorView", "FormatEnumerationLimit",
        "InformationPreference", "OFS", "OutputEncoding", "PID", "ProgressPreference", "PSDefaultParameterValues",
        "PSModuleAutoLoadingPreference", "PSNativeCommandArgumentPassing", "PSNativeCommandUseErrorActionPreference",
        "VerbosePreference", "WarningPreference", "WhatIfPreference",
    ];

    private readonly SessionState _caller;
    private readonly bool _forOtherProcess;
    private readonly Dictionary<string, CapturedVariable> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CapturedFunction> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _modules = new(StringComparer.OrdinalIgnoreCase);
    private readonly ScriptTypes _types = new();
    private readonly HashSet<string> _seenCommands = new(StringComparer.OrdinalIgnoreCase);

    private SessionCapture(SessionState caller, bool forOtherProcess)
    {
        _caller = caller;
        _forOtherProcess = forOtherProcess;
    }

    /// <summary>Reads what exit blocks need.</summary>
    /// <param name="blocks">The exit blocks, and where each would run: see <see cref="SessionPosition.Of"/>.</param>
    /// <param name="caller">The session of the call.</param>
    /// <param name="runspace">The runspace of the call.</param>
    /// <param name="forOtherProcess">
    /// True: functions of a module with a file are not captured, since the other process imports that module. A command that has
    /// not been used yet is not searched in all installed modules, because that takes time and loads the module into the caller's
    /// session; the other process finds it in the same way. Classes are included.
    /// </param>
    public static CapturedSession Take(
        IReadOnlyCollection<ExitBlock> blocks, SessionState caller, Runspace runspace, bool forOtherProcess)
    {
        SessionCapture capture = new(caller, forOtherProcess);
        Runspace? previous = Runspace.DefaultRunspace;
        try
        {
            // Looking up a command needs the current thread's runspace.
            Runspace.DefaultRunspace = runspace;
            foreach (ExitBlock block in blocks)
            {
                capture.Add(block.Script.Ast, block.Place);
            }

            return capture.ToSession([.. blocks.Select(static block => block.Place)]);
        }
        finally
        {
            Runspace.DefaultRunspace = previous;
        }
    }

    private CapturedSession ToSession(SessionPosition[] positions)
    {
        PSLanguageMode mode = PSLanguageMode.FullLanguage;
        foreach (SessionPosition position in positions)
        {
            mode = SessionPosition.Strictness(position.LanguageMode) > SessionPosition.Strictness(mode) ? position.LanguageMode : mode;
        }

        if (positions.FirstOrDefault() is { } first)
        {
            Array.ForEach(Always, name => AddVariable(first, name, name));
        }

        // Constrained code can't define classes.
        bool withTypes = mode == PSLanguageMode.FullLanguage;
        return new CapturedSession
        {
            Variables = [.. _variables.Values],
            Functions = [.. _functions.Values],
            Aliases = _aliases,
            Modules = _modules,
            Types = withTypes ? [.. _types.Definitions] : [],
            MissingTypes = withTypes ? _types.Missing : [.. _types.Missing, .. _types.Names],
            Location = _caller.Path.CurrentFileSystemLocation.ProviderPath,
            StrictMode = positions.FirstOrDefault()?.StrictMode,
            LanguageMode = mode,
        };
    }

    private void Add(Ast code, SessionPosition position)
    {
        foreach (Ast node in code.FindAll(node => node is VariableExpressionAst or CommandAst, searchNestedScriptBlocks: true))
        {
            if (node is VariableExpressionAst variable)
            {
                AddNamed(position, variable.VariablePath);
            }
            else if (((CommandAst)node).GetCommandName() is { } name)
            {
                AddCommand(position, name);
            }
        }

        // In this process a second definition would be a different type with the same name, and existing objects would not have it.
        foreach (TypeDefinitionAst type in _forOtherProcess ? _types.Add(code).ToArray() : [])
        {
            Add(type, position);
        }
    }

    private void AddNamed(SessionPosition position, VariablePath path)
    {
        string name = path.UserPath;
        string bare = name[(name.LastIndexOf(':') + 1)..];
        if (!path.IsDriveQualified)
        {
            AddVariable(position, name, bare);
        }
        else if (path.DriveName.Equals("function", StringComparison.OrdinalIgnoreCase))
        {
            AddCommand(position, bare);
        }
        else if (path.DriveName.Equals("variable", StringComparison.OrdinalIgnoreCase))
        {
            AddVariable(position, bare, bare);
        }
    }

    private void AddVariable(SessionPosition position, string name, string bare)
    {
        if (!OwnNames.Contains(bare) && !_variables.ContainsKey(bare)
            && (position.FindVariable(name) ?? _caller.PSVariable.Get(name)) is { } variable)
        {
            _variables[bare] = new CapturedVariable(
                bare, variable.Value, variable.Options & (ScopedItemOptions.Constant | ScopedItemOptions.ReadOnly));
        }
    }

    private void AddCommand(SessionPosition position, string name)
    {
        if (!_seenCommands.Add(name))
        {
            return;
        }

        const CommandTypes wanted = CommandTypes.Function | CommandTypes.Filter | CommandTypes.Alias | CommandTypes.Cmdlet;
        CommandInfo? found = position.FindAlias(name) ?? (CommandInfo?)position.FindFunction(name) ?? (_forOtherProcess
            ? _caller.InvokeCommand.GetCommands(name, wanted, nameIsPattern: false).FirstOrDefault()
            : _caller.InvokeCommand.GetCommand(name, wanted));
        switch (found)
        {
            case FunctionInfo { Module: { } module } exported when _forOtherProcess
                && module.ExportedFunctions.ContainsKey(exported.Name) && ManifestOf(module) is { } file:
                _modules.Add(file);
                break;
            case FunctionInfo function:
                _functions[function.Name] = new CapturedFunction(
                    function.Name, ScriptText.Of(function.ScriptBlock), EngineInternals.LanguageModeOf(function.ScriptBlock));
                Add(function.ScriptBlock.Ast, position.For(function.ScriptBlock));
                break;
            case AliasInfo alias:
                _aliases[name] = alias.Definition;
                AddCommand(position, alias.Definition);
                break;
            case CmdletInfo { Module: { } module } when ManifestOf(module) is { } file:
                _modules.Add(file);
                break;
            default:
                // An application, or nothing: the other runspace finds it in the same way, or reports that it can't.
                break;
        }
    }

    /// <summary>
    /// The file from which to import a module in the same way again. For a module with a manifest, <see cref="PSModuleInfo.Path"/>
    /// is the root module; importing that would leave out the manifest's nested modules, types and required modules.
    /// </summary>
    /// <returns>Null: it is not in a file.</returns>
    private static string? ManifestOf(PSModuleInfo module)
    {
        if (string.IsNullOrEmpty(module.Path) || !File.Exists(module.Path))
        {
            return null;
        }

        // Only a manifest sets these. A script module that was imported without its manifest has none of them.
        bool hasManifest = !string.IsNullOrEmpty(module.RootModule) || module.Guid != Guid.Empty || module.Version > new Version(0, 0);
        string manifest = Path.Combine(module.ModuleBase ?? Path.GetDirectoryName(module.Path)!, module.Name + ".psd1");
        return hasManifest && File.Exists(manifest) ? manifest : module.Path;
    }
}
