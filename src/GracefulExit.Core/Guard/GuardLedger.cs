using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>What is left to run for one payload once the owner is dead.</summary>
/// <param name="ScopeId">The scope.</param>
/// <param name="Payload">What the blocks need.</param>
/// <param name="Blocks">The blocks, in the order in which they are to run, by number.</param>
/// <param name="Cut">The blocks that the owner had begun but not finished, by number.</param>
internal sealed record GuardWork(
    int ScopeId, GuardPayload Payload, IReadOnlyList<(int Id, ScriptText Text)> Blocks, IReadOnlyList<int> Cut);

/// <summary>
/// What a guard knows about its owner's scopes. It takes messages in any order and says what is left to run. A message that
/// is repeated, late, or about an unknown scope or block does no harm.
/// </summary>
/// <remarks>
/// <para>
/// A block whose begin message has been read is never run. A scope whose payload is incomplete is never run: its body has not
/// begun. Newer scopes come first. Within a scope, pushed blocks come first, and the last pushed is the first.
/// </para>
/// <para>Threads: one.</para>
/// </remarks>
internal sealed class GuardLedger
{
    private readonly Dictionary<int, Entry> _scopes = [];

    /// <summary>Gets what is left to run if the owner dies now.</summary>
    public IReadOnlyList<GuardWork> Remaining =>
        [.. _scopes.OrderByDescending(static scope => scope.Key).SelectMany(static scope => scope.Value.WorkOf(scope.Key))];

    /// <summary>Takes a message.</summary>
    /// <exception cref="EndOfStreamException">Its payload is malformed.</exception>
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
                // Also if it comes first: a push that arrives later is for this same block.
                _ = Of(message.ScopeId).Removed.Add(message.BlockId);
                _ = _scopes[message.ScopeId].Pushed.Remove(message.BlockId);
                break;
            case GuardMessageKind.ScopeEnded:
                End(message.ScopeId);
                break;
            default:
                // A kind that a later version of the protocol has added.
                break;
        }
    }

    /// <summary>Messages for a scope that has ended are ignored: they may be the rest of an interrupted payload.</summary>
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
            // From now on only late messages about its blocks can arrive.
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

    /// <summary>What has been read about a scope.</summary>
    private sealed class Entry
    {
        public GuardPayload? Payload { get; set; }

        public bool HasEnded { get; set; }

        public HashSet<int> Begun { get; } = [];

        public HashSet<int> Ended { get; } = [];

        public HashSet<int> Removed { get; } = [];

        /// <summary>Gets the pushed blocks, in ascending order of their numbers.</summary>
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
