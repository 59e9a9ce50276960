namespace GracefulExit.Guard;

/// <summary>What an owner tells its guard. The numbers are part of the protocol.</summary>
internal enum GuardMessageKind : byte
{
    /// <summary>A piece of the content of a message that follows, for the same scope and exit block.</summary>
    Part = 0,

    /// <summary>A scope's body is about to begin; the last piece of a <see cref="GuardPayload"/> comes with it.</summary>
    ScopeBegins = 1,

    /// <summary>The owner is about to run an exit block. May come before the scope's payload is complete.</summary>
    BlockBegins = 2,

    /// <summary>That exit block has come to its end.</summary>
    BlockEnded = 3,

    /// <summary>A scope has ended: there is nothing of it to run any more.</summary>
    ScopeEnded = 4,

    /// <summary>Nothing at all is left to guard: the guard is to leave at once.</summary>
    Leave = 5,

    /// <summary>The body has pushed an exit block; the last piece of a <see cref="GuardPayload"/> with that one block comes with it.</summary>
    BlockPushed = 6,

    /// <summary>The body has taken an exit block back: it is not to run.</summary>
    BlockRemoved = 7,
}

/// <summary>One message of the channel.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="ScopeId">The scope, 0 for <see cref="GuardMessageKind.Leave"/>.</param>
/// <param name="BlockId">The exit block: those of <c>-OnExit</c> are counted from 0, those that are pushed have higher numbers.</param>
/// <param name="Content">What a scope that begins, or a block that is pushed, brings along.</param>
internal readonly record struct GuardMessage(GuardMessageKind Kind, int ScopeId = 0, int BlockId = 0, ReadOnlyMemory<byte> Content = default);
