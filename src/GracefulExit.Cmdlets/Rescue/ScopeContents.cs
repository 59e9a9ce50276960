using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Engine;

namespace GracefulExit.Rescue;

/// <summary>What a rescue and a guard need to know of a scope.</summary>
/// <param name="Id">The scope's number.</param>
/// <param name="Blocks">The exit blocks that have not begun.</param>
/// <param name="Caller">The caller's session.</param>
/// <param name="Runspace">The caller's runspace.</param>
/// <param name="ExitTimeout">How long an exit block may run; zero: as long as it likes.</param>
/// <param name="StartedAt">When the scope began.</param>
/// <param name="Timeline">What happened when.</param>
internal sealed record ScopeContents(
    int Id,
    IReadOnlyList<ExitBlock> Blocks,
    CallerSession Caller,
    Runspace Runspace,
    TimeSpan ExitTimeout,
    DateTime StartedAt,
    Timeline Timeline);
