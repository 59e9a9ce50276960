using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// A scope in a session: where a script block would find its variables and commands if it ran now. An exit block runs in the
/// scope in which it was registered, while a stuck body may be several functions deeper.
/// </summary>
/// <remarks>
/// Threads: created on the session's own thread; read on any, while that thread changes nothing there. It refers to the scope and
/// does not copy it: a lookup finds what is there at that moment.
/// </remarks>
internal sealed class SessionPosition
{
    private readonly SessionState _fallback;
    private readonly object? _session;
    private readonly object? _scope;
    private object[] _around = [];

    private SessionPosition(SessionState fallback, object? session, object? scope)
    {
        _fallback = fallback;
        _session = session;
        _scope = scope;
    }

    /// <summary>Gets the language mode in which the block runs: the stricter of the session's and the block's own.</summary>
    public PSLanguageMode LanguageMode { get; private init; }

    /// <summary>Gets the version that Set-StrictMode has set for code in this scope; null: strict mode is off.</summary>
    public Version? StrictMode
    {
        get
        {
            object? end = EngineInternals.ModuleScopeOf(_session);
            for (object? scope = _scope; scope is not null; scope = EngineInternals.ParentOf(scope))
            {
                if (EngineInternals.StrictModeOf(scope) is { } version)
                {
                    return version;
                }

                // A module does not inherit strict mode from the global scope.
                if (scope == end)
                {
                    break;
                }
            }

            return null;
        }
    }

    /// <summary>Where a script block would run if it were called now.</summary>
    /// <param name="block">The block.</param>
    /// <param name="caller">The session of the running code, for a block that belongs to no session.</param>
    public static SessionPosition Of(ScriptBlock block, SessionState caller)
    {
        object? session = EngineInternals.SessionOf(block) ?? EngineInternals.SessionOf(caller);
        PSLanguageMode mode = caller.LanguageMode;
        return new SessionPosition(block.Module?.SessionState ?? caller, session, EngineInternals.CurrentScopeOf(session))
        {
            LanguageMode = EngineInternals.TryGetLanguageMode(block, out PSLanguageMode own) && Strictness(own) > Strictness(mode) ? own : mode,
        };
    }

    /// <summary>Where a function finds what it names. If it belongs to another session, that is the top of that session.</summary>
    public SessionPosition For(ScriptBlock function)
    {
        object? session = EngineInternals.SessionOf(function);
        return session is null || session == _session
            ? this
            : new SessionPosition(
                function.Module?.SessionState ?? _fallback, session, EngineInternals.ModuleScopeOf(session) ?? EngineInternals.CurrentScopeOf(session));
    }

    /// <summary>
    /// Remembers the scopes around this one, so that it can still be entered when they have ended: the engine cuts a scope off from
    /// the one around it when its function or script returns. On the session's own thread.
    /// </summary>
    public SessionPosition Keep()
    {
        List<object> around = [];
        for (object? scope = _scope; scope is not null; scope = EngineInternals.ParentOf(scope))
        {
            around.Add(scope);
        }

        _around = [.. around];
        return this;
    }

    /// <summary>Links a kept scope to those around it again. A scope that has not ended is still linked anyway.</summary>
    public void Relink()
    {
        for (int i = 0; i + 1 < _around.Length; i++)
        {
            if (EngineInternals.ParentOf(_around[i]) is null)
            {
                EngineInternals.SetParent(_around[i], _around[i + 1]);
            }
        }
    }

    /// <summary>Makes a kept scope the one in which the session's next code runs. Dispose the result to go back. On a thread that may use the session.</summary>
    public IDisposable Enter()
    {
        Relink();
        Visit visit = new(_session, EngineInternals.CurrentScopeOf(_session));
        if (_session is not null && _scope is not null)
        {
            EngineInternals.SetCurrentScope(_session, _scope);
        }

        return visit;
    }

    /// <summary>Finds a variable.</summary>
    /// <param name="name">Its name as in the code, with <c>global:</c>, <c>script:</c>, <c>local:</c> or <c>private:</c> if that is there.</param>
    public PSVariable? FindVariable(string name)
    {
        if (_scope is null)
        {
            return _fallback.PSVariable.Get(name);
        }

        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string bare = name[(colon + 1)..];
        switch (colon < 0 ? string.Empty : name[..colon].ToUpperInvariant())
        {
            case "":
                break;
            case "GLOBAL":
                return In(EngineInternals.GlobalScopeOf(_session), bare);
            case "SCRIPT":
                return In(EngineInternals.ScriptScopeOf(_scope), bare);
            case "LOCAL" or "PRIVATE":
                return In(_scope, bare);
            default:
                return _fallback.PSVariable.Get(name);
        }

        return Walk(scope => In(scope, bare) is { } found && (scope == _scope || !found.Options.HasFlag(ScopedItemOptions.Private)) ? found : null);
    }

    public FunctionInfo? FindFunction(string name) => Walk(scope => EngineInternals.FunctionOf(scope, name));

    public AliasInfo? FindAlias(string name) => Walk(scope => EngineInternals.AliasOf(scope, name));

    /// <summary>The strictness of a language mode. The enumeration's own values are not in that order.</summary>
    public static int Strictness(PSLanguageMode mode) => mode switch
    {
        PSLanguageMode.FullLanguage => 0,
        PSLanguageMode.ConstrainedLanguage => 1,
        PSLanguageMode.RestrictedLanguage => 2,
        _ => 3,
    };

    private static PSVariable? In(object? scope, string name) => scope is null ? null : EngineInternals.VariableOf(scope, name);

    private T? Walk<T>(Func<object, T?> find)
        where T : class
    {
        for (object? scope = _scope; scope is not null; scope = EngineInternals.ParentOf(scope))
        {
            if (find(scope) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private sealed class Visit(object? session, object? scopeBefore) : IDisposable
    {
        public void Dispose()
        {
            if (session is not null && scopeBefore is not null)
            {
                EngineInternals.SetCurrentScope(session, scopeBefore);
            }
        }
    }
}
