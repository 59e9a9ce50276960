using GracefulExit.Core;

namespace GracefulExit.Scopes;

/// <summary>What has to be done for a scope after its state has changed.</summary>
internal readonly record struct ScopeChange(Scope Scope, ScopeEffects Effects);
