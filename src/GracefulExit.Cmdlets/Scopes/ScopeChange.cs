using GracefulExit.Core;

namespace GracefulExit.Scopes;

/// <summary>What is to be done for a scope, now that its state has changed.</summary>
internal readonly record struct ScopeChange(Scope Scope, ScopeEffects Effects);
