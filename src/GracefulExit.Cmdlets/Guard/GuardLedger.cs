using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>What a guard is left with when its owner is dead: one payload, and which of its exit blocks to run.</summary>
/// <param name="ScopeId">The scope.</param>
/// <param name="Payload">What the blocks need.</param>
/// <param name="Blocks">The blocks, in the order in which they are to run, by number.</param>
/// <param name="Cut">The blocks that the owner had begun and not ended, by number.</param>
internal sealed record GuardWork(
    int ScopeId, GuardPayload Payload, IReadOnlyList<(int Id, ScriptText Text)> Blocks, IReadOnlyList<int> Cut);

/// <summary>
/// What a guard knows of its owner's scopes: takes messages in any order, and says what is left to run. No message does harm,
/// whether it is repeated, late, or of a scope or block that is not known.
/// </summary>
/// <remarks>
/// <para>
/// A block of which a begin has been read is never run. A scope whose payload is not complete is never run: its body has not
/// begun. Newer scopes come first; within a scope, pushed blocks come first, the last pushed before the others.
/// </para>
/// <para>Threads: one.</para>
/// </remarks>
internal sealed class GuardLedger
{
    private readonly Dictionary<int, Entry> _scopes = [];

    /// <summary>Gets what is left to run if the owner is dead now.</summary>
    public IReadOnlyList<GuardWork> Remaining =>
        [.. _scopes.OrderByDescending(static scope => scope.Key).SelectMany(static scope => scope.Value.WorkOf(scope.Key))];

    /// <summary>Takes a message.</summary>
    /// <exception cref="EndOfStreamException">Its payload is no payload.</exception>
    public void Note(GuardMessage message)
    {
        switch (message.Kind)
        {
            case GuardMessageKind.ScopeBegins:
                Begin(Of(message.ScopeId), message.Content);
                break;
            case GuardMessageKind.BlockBegins:
                _ = Of(message.ScopeId).Begun.Add(message.BlockId);
                break;
            case GuardMessageKind.BlockEnded:
                _ = Of(message.ScopeId).Ended.Add(message.BlockId);
                break;
            case GuardMessageKind.BlockPushed:
                Push(Of(message.ScopeId), message.BlockId, message.Content);
                break;
            case GuardMessageKind.BlockRemoved:
                // Also if it comes first: then what is pushed later is that block again.
                _ = Of(message.ScopeId).Removed.Add(message.BlockId);
                _ = _scopes[message.ScopeId].Pushed.Remove(message.BlockId);
                break;
            case GuardMessageKind.ScopeEnded:
                End(message.ScopeId);
                break;
            default:
                // From a later version of the same protocol.
                break;
        }
    }

    /// <summary>What comes for a scope that has ended is not looked at: it may be the rest of what was being sent then.</summary>
    private static void Begin(Entry scope, ReadOnlyMemory<byte> content)
    {
        if (scope is { HasEnded: false, Payload: null })
        {
            scope.Payload = GuardPayload.FromBytes(content);
        }
    }

    private static void Push(Entry scope, int blockId, ReadOnlyMemory<byte> content)
    {
        if (!scope.HasEnded && !scope.Pushed.ContainsKey(blockId))
        {
            scope.Pushed.Add(blockId, GuardPayload.FromBytes(content));
        }
    }

    private void End(int scopeId)
    {
        Entry scope = Of(scopeId);
        if (scope.Payload is not null)
        {
            // Nothing of it can come any more but late news of its blocks.
            _ = _scopes.Remove(scopeId);
            return;
        }

        scope.HasEnded = true;
        scope.Pushed.Clear();
    }

    private Entry Of(int scopeId)
    {
        if (!_scopes.TryGetValue(scopeId, out Entry? entry))
        {
            _scopes.Add(scopeId, entry = new Entry());
        }

        return entry;
    }

    /// <summary>What has been read of a scope.</summary>
    private sealed class Entry
    {
        public GuardPayload? Payload { get; set; }

        public bool HasEnded { get; set; }

        public HashSet<int> Begun { get; } = [];

        public HashSet<int> Ended { get; } = [];

        public HashSet<int> Removed { get; } = [];

        /// <summary>Gets the pushed blocks. Their numbers rise.</summary>
        public SortedDictionary<int, GuardPayload> Pushed { get; } = [];

        public IEnumerable<GuardWork> WorkOf(int scopeId)
        {
            if (HasEnded)
            {
                yield break;
            }

            foreach ((int id, GuardPayload payload) in Pushed.Reverse())
            {
                if (!Removed.Contains(id) && WorkOf(scopeId, payload, [id]) is { } pushed)
                {
                    yield return pushed;
                }
            }

            if (Payload is not null && WorkOf(scopeId, Payload, [.. Enumerable.Range(0, Payload.ExitBlocks.Count)]) is { } own)
            {
                yield return own;
            }
        }

        private GuardWork? WorkOf(int scopeId, GuardPayload payload, int[] ids)
        {
            List<(int Id, ScriptText Text)> blocks = [];
            for (int i = 0; i < ids.Length; i++)
            {
                if (!Begun.Contains(ids[i]) && !Ended.Contains(ids[i]) && !Removed.Contains(ids[i]))
                {
                    blocks.Add((ids[i], payload.ExitBlocks[i]));
                }
            }

            int[] cut = [.. ids.Where(id => Begun.Contains(id) && !Ended.Contains(id))];
            return blocks.Count + cut.Length == 0 ? null : new GuardWork(scopeId, payload, blocks, cut);
        }
    }
}
