namespace GracefulExit.Guard;

/// <summary>What an owner tells its guard. The numbers are part of the protocol.</summary>
internal enum GuardMessageKind : byte
{
    /// <summary>A part of the content of a later message for the same scope and exit block.</summary>
    Part = 0,

    /// <summary>A scope's body is about to begin. Carries the last part of its <see cref="GuardPayload"/>.</summary>
    ScopeBegins = 1,

    /// <summary>The owner is about to run an exit block. May come before the scope's payload is complete.</summary>
    BlockBegins = 2,

    /// <summary>The exit block has ended.</summary>
    BlockEnded = 3,

    /// <summary>A scope has ended: nothing is left to run for it.</summary>
    ScopeEnded = 4,

    /// <summary>Nothing is left to guard: the guard must exit at once.</summary>
    Leave = 5,

    /// <summary>The body has pushed an exit block. Carries the last part of a <see cref="GuardPayload"/> with that one block.</summary>
    BlockPushed = 6,

    /// <summary>The body has removed an exit block: it must not run.</summary>
    BlockRemoved = 7,
}

/// <summary>One message in the channel.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="ScopeId">The scope, 0 for <see cref="GuardMessageKind.Leave"/>.</param>
/// <param name="BlockId">The exit block: those of <c>-OnExit</c> are numbered from 0, pushed ones have higher numbers.</param>
/// <param name="Content">The payload of a new scope or of a pushed block, or a part of it.</param>
internal sealed record GuardMessage(GuardMessageKind Kind, int ScopeId = 0, int BlockId = 0, ReadOnlyMemory<byte> Content = default);
