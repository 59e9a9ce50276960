namespace GracefulExit.Guard;

/// <summary>What an owner tells its guard.</summary>
internal enum GuardMessageKind : byte
{
    /// <summary>A scope begins; a <see cref="GuardPayload"/> follows.</summary>
    ScopeBegins = 1,

    /// <summary>The owner is about to run an exit block.</summary>
    BlockBegins = 2,

    /// <summary>That exit block has come to its end.</summary>
    BlockEnded = 3,

    /// <summary>A scope has ended: there is nothing of it to run any more.</summary>
    ScopeEnded = 4,

    /// <summary>Nothing at all is left to guard: the guard is to leave at once.</summary>
    Leave = 5,
}

/// <summary>One message of the channel.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="ScopeId">The scope, 0 for <see cref="GuardMessageKind.Leave"/>.</param>
/// <param name="BlockIndex">The exit block, counted from 0.</param>
/// <param name="Content">What a scope that begins brings along.</param>
internal readonly record struct GuardMessage(GuardMessageKind Kind, int ScopeId = 0, int BlockIndex = 0, ReadOnlyMemory<byte> Content = default);
