using GracefulExit.Core;

namespace GracefulExit.Scopes;

/// <summary>What has to be done for a scope after its state has changed.</summary>
/// <remarks>A class: .NET has the code of its lists compiled already, but not for a structure of ours.</remarks>
internal sealed record ScopeChange(Scope Scope, ScopeEffects Effects);
