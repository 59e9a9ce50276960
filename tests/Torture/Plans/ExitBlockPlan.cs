namespace GracefulExit.Tests.Torture.Plans;

/// <summary>An exit block of a scope.</summary>
/// <param name="Id">What its markers are called: <c>X</c> and the id when it begins, <c>Y</c> and the id when it ends.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Inner">The scope that it runs, if it does.</param>
internal sealed record ExitBlockPlan(string Id, ExitBlockKind Kind, ScopePlan? Inner);
