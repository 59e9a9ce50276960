using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace GracefulExit.Engine;

/// <summary>
/// Engine members without a public name that concern a session: the scope in which code runs, strict mode, and the language
/// mode of a script block. A test checks that each member exists. If a later engine lacks one, the public way is used.
/// </summary>
/// <remarks>Threads: any, while the session's own thread does not change what is read.</remarks>
internal static partial class EngineInternals
{
    private const BindingFlags AnyMember = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly PropertyInfo? SessionInternal = typeof(SessionState).GetProperty("Internal", AnyMember);

    private static readonly PropertyInfo? SessionCurrentScope = SessionInternal?.PropertyType.GetProperty("CurrentScope", AnyMember);

    private static readonly PropertyInfo? BlockSession = typeof(ScriptBlock).GetProperty("SessionStateInternal", AnyMember);

    private static readonly PropertyInfo? BlockLanguageMode = typeof(ScriptBlock).GetProperty("LanguageMode", AnyMember);

    private static readonly MethodInfo? SetBlockLanguageMode = BlockLanguageMode?.SetMethod;

    private static readonly PropertyInfo? RunspaceContext = typeof(Runspace).GetProperty("ExecutionContext", AnyMember);

    private static readonly PropertyInfo? ContextSession = RunspaceContext?.PropertyType.GetProperty("EngineSessionState", AnyMember);

    /// <summary>The engine's object for a session.</summary>
    public static object? SessionOf(SessionState session) => SessionInternal?.GetValue(session);

    /// <summary>The session that a script block belongs to; null: none yet.</summary>
    public static object? SessionOf(ScriptBlock block) => BlockSession?.GetValue(block);

    public static object? CurrentScopeOf(object? session) => session is null ? null : SessionCurrentScope?.GetValue(session);

    /// <summary>Sets what <see cref="CurrentScopeOf"/> returns: the scope in which the session's next code runs.</summary>
    public static void SetCurrentScope(object session, object scope) => SessionCurrentScope?.SetValue(session, scope);

    /// <summary>Links a scope that has ended to the one around it again, from which the engine has cut it off.</summary>
    public static void SetParent(object scope, object parent) => SessionScopes.ScopeParent?.SetValue(scope, parent);

    public static object? GlobalScopeOf(object? session) => session is null ? null : SessionScopes.SessionGlobalScope?.GetValue(session);

    public static object? ModuleScopeOf(object? session) => session is null ? null : SessionScopes.SessionModuleScope?.GetValue(session);

    public static object? ScriptScopeOf(object? scope) => scope is null ? null : SessionScopes.ScopeScriptScope?.GetValue(scope);

    public static object? ParentOf(object scope) => SessionScopes.ScopeParent?.GetValue(scope);

    public static Version? StrictModeOf(object scope) => SessionScopes.ScopeStrictMode?.GetValue(scope) as Version;

    public static PSVariable? VariableOf(object scope, string name) => Invoke(SessionScopes.ScopeGetVariable, scope, name) as PSVariable;

    public static FunctionInfo? FunctionOf(object scope, string name) => Invoke(SessionScopes.ScopeGetFunction, scope, name) as FunctionInfo;

    public static AliasInfo? AliasOf(object scope, string name) => Invoke(SessionScopes.ScopeGetAlias, scope, name) as AliasInfo;

    /// <summary>The language mode in which a script block runs wherever it is called; null: that of its caller.</summary>
    public static PSLanguageMode? LanguageModeOf(ScriptBlock block) => TryGetLanguageMode(block, out PSLanguageMode mode) ? mode : null;

    /// <summary>The same without a nullable enumeration of the engine, for which nothing is compiled ahead of time.</summary>
    public static bool TryGetLanguageMode(ScriptBlock block, out PSLanguageMode mode)
    {
        if (BlockLanguageMode?.GetValue(block) is PSLanguageMode own)
        {
            mode = own;
            return true;
        }

        mode = default;
        return false;
    }

    /// <summary>Sets what <see cref="LanguageModeOf"/> returns.</summary>
    public static ScriptBlock WithLanguageMode(ScriptBlock block, PSLanguageMode? mode)
    {
        if (SetBlockLanguageMode is not null)
        {
            MethodOf(SetBlockLanguageMode).Call(block, mode);
        }

        return block;
    }

    /// <summary>Sets a global variable, read-only and constant ones such as <c>$PID</c> included.</summary>
    /// <returns>False: this engine lacks the member.</returns>
    public static bool TrySetVariable(Runspace runspace, PSVariable variable)
    {
        object? session = SessionOf(runspace);
        if (SessionScopes.ScopeSetVariableForce is null || GlobalScopeOf(session) is not { } scope)
        {
            return false;
        }

        if (SessionScopes.VariableSetValue is not null && VariableOf(scope, variable.Name) is { } own && own.Options.HasFlag(ScopedItemOptions.AllScope))
        {
            // The engine's own variable, which modules have too: the very same object.
            Invoke(SessionScopes.VariableSetValue, own, variable.Value, false);
            return true;
        }

        Invoke(SessionScopes.ScopeSetVariableForce, scope, variable, session);
        return true;
    }

    /// <summary>Defines a global function, whatever characters its name has. Removes an alias with that name.</summary>
    public static bool TrySetFunction(Runspace runspace, string name, ScriptBlock block)
    {
        if (SessionScopes.ScopeSetFunction is null || GlobalScopeOf(SessionOf(runspace)) is not { } scope)
        {
            return false;
        }

        if (AliasOf(scope, name) is not null)
        {
            Invoke(SessionScopes.ScopeRemoveAlias, scope, name, true);
        }

        Invoke(SessionScopes.ScopeSetFunction, scope, name, block, true, CommandOrigin.Internal, RunspaceContext!.GetValue(runspace));
        return true;
    }

    /// <summary>Defines a global alias, whatever characters its name has.</summary>
    public static bool TrySetAlias(Runspace runspace, string name, string definition)
    {
        if (SessionScopes.ScopeSetAlias is null || GlobalScopeOf(SessionOf(runspace)) is not { } scope)
        {
            return false;
        }

        Invoke(SessionScopes.ScopeSetAlias, scope, name, definition, ScopedItemOptions.None, RunspaceContext!.GetValue(runspace), true, CommandOrigin.Internal);
        return true;
    }

    /// <summary>Sets the strict mode of the global scope; null: off.</summary>
    public static void SetStrictMode(Runspace runspace, Version? version)
    {
        if (GlobalScopeOf(SessionOf(runspace)) is { } scope)
        {
            SessionScopes.ScopeStrictMode?.SetValue(scope, version);
        }
    }

    /// <summary>Marks an object as data of constrained code, which trusted code does not accept as a module's name or the like.</summary>
    /// <remarks>Only works once a session of the process is constrained: before that the engine does not track this.</remarks>
    public static void MarkUntrusted(object? value)
    {
        if (value is not null)
        {
            Invoke(SessionScopes.ContextMarkUntrusted, null, value);
        }
    }

    private static object? SessionOf(Runspace runspace) =>
        RunspaceContext?.GetValue(runspace) is { } context ? ContextSession?.GetValue(context) : null;

    private static MethodInfo? ScopeMethod(string name, params Type[] parameters) =>
        SessionCurrentScope?.PropertyType.GetMethod(name, AnyMember, parameters);

    private static object? Invoke(MethodInfo? method, object? target, params object?[] arguments)
    {
        try
        {
            return method?.Invoke(target, arguments);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is RuntimeException)
        {
            // An invalid name for such an item, such as a path.
            return null;
        }
    }

    /// <summary>What is used for the scopes and the items of a session, in rescues and guards.</summary>
    private static class SessionScopes
    {
        internal static readonly PropertyInfo? SessionGlobalScope = SessionInternal?.PropertyType.GetProperty("GlobalScope", AnyMember);

        internal static readonly PropertyInfo? SessionModuleScope = SessionInternal?.PropertyType.GetProperty("ModuleScope", AnyMember);

        internal static readonly PropertyInfo? ScopeParent = SessionCurrentScope?.PropertyType.GetProperty("Parent", AnyMember);

        internal static readonly PropertyInfo? ScopeScriptScope = SessionCurrentScope?.PropertyType.GetProperty("ScriptScope", AnyMember);

        internal static readonly PropertyInfo? ScopeStrictMode = SessionCurrentScope?.PropertyType.GetProperty("StrictModeVersion", AnyMember);

        internal static readonly MethodInfo? ScopeGetVariable = ScopeMethod("GetVariable", typeof(string));

        internal static readonly MethodInfo? ScopeGetFunction = ScopeMethod("GetFunction", typeof(string));

        internal static readonly MethodInfo? ScopeGetAlias = ScopeMethod("GetAlias", typeof(string));

        internal static readonly MethodInfo? ScopeRemoveAlias = ScopeMethod("RemoveAlias", typeof(string), typeof(bool));

        internal static readonly MethodInfo? VariableSetValue = typeof(PSVariable).GetMethod("SetValueRaw", AnyMember, [typeof(object), typeof(bool)]);

        internal static readonly MethodInfo? ContextMarkUntrusted = RunspaceContext?.PropertyType.GetMethod("MarkObjectAsUntrusted", AnyMember, [typeof(object)]);

        internal static readonly MethodInfo? ScopeSetVariableForce = SessionInternal is null
            ? null
            : ScopeMethod("SetVariableForce", typeof(PSVariable), SessionInternal.PropertyType);

        internal static readonly MethodInfo? ScopeSetFunction = RunspaceContext is null
            ? null
            : ScopeMethod("SetFunction", typeof(string), typeof(ScriptBlock), typeof(bool), typeof(CommandOrigin), RunspaceContext.PropertyType);

        internal static readonly MethodInfo? ScopeSetAlias = RunspaceContext is null
            ? null
            : ScopeMethod(
                "SetAliasValue",
                typeof(string),
                typeof(string),
                typeof(ScopedItemOptions),
                RunspaceContext.PropertyType,
                typeof(bool),
                typeof(CommandOrigin));
    }
}
