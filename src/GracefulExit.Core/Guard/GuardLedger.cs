using GracefulExit.Rescue;

namespace GracefulExit.Guard;

/// <summary>An exit block that is left to run.</summary>
/// <param name="Id">Its number in its scope.</param>
/// <param name="Text">The block.</param>
internal sealed record GuardedBlock(int Id, ScriptText Text);

/// <summary>What is left to run for one payload once the owner is dead.</summary>
/// <param name="ScopeId">The scope.</param>
/// <param name="Payload">What the blocks need.</param>
/// <param name="Blocks">The blocks, in the order in which they are to run, by number.</param>
/// <param name="Cut">The blocks that the owner had begun but not finished, by number.</param>
internal sealed record GuardWork(int ScopeId, GuardPayload Payload, IReadOnlyList<GuardedBlock> Blocks, IReadOnlyList<int> Cut);

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
/// <para>
/// Lists of classes, in loops: a guard does all this once, and what .NET's collections and queries do with structures is
/// compiled as it runs (docs/performance.md, "Compiled ahead of time").
/// </para>
/// </remarks>
internal sealed class GuardLedger
{
    private readonly Dictionary<int, Entry> _scopes = [];

    /// <summary>Gets what is left to run if the owner dies now.</summary>
    public IReadOnlyList<GuardWork> Remaining
    {
        get
        {
            List<Entry> newestFirst = [.. _scopes.Values];
            newestFirst.Sort(static (one, other) => other.ScopeId.CompareTo(one.ScopeId));
            List<GuardWork> remaining = [];
            foreach (Entry scope in newestFirst)
            {
                scope.AddWork(remaining);
            }

            return remaining;
        }
    }

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
                Of(message.ScopeId).Push(message.BlockId, message.Content);
                break;
            case GuardMessageKind.BlockRemoved:
                // Also if it comes first: a push that arrives later is for this same block.
                Of(message.ScopeId).Remove(message.BlockId);
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

    private void End(int scopeId)
    {
        Entry scope = Of(scopeId);
        if (scope.Payload is not null)
        {
            // From now on only late messages about its blocks can arrive.
            _ = _scopes.Remove(scopeId);
            return;
        }

        scope.End();
    }

    private Entry Of(int scopeId)
    {
        if (!_scopes.TryGetValue(scopeId, out Entry? entry))
        {
            _scopes.Add(scopeId, entry = new Entry(scopeId));
        }

        return entry;
    }

    /// <summary>A pushed block.</summary>
    private sealed record Pushed(int BlockId, GuardPayload Payload);

    /// <summary>What has been read about a scope.</summary>
    private sealed class Entry(int scopeId)
    {
        private readonly HashSet<int> _removed = [];

        /// <summary>In ascending order of their numbers.</summary>
        private readonly List<Pushed> _pushed = [];

        public int ScopeId => scopeId;

        public GuardPayload? Payload { get; set; }

        public bool HasEnded { get; private set; }

        public HashSet<int> Begun { get; } = [];

        public HashSet<int> Ended { get; } = [];

        public void Push(int blockId, ReadOnlyMemory<byte> content)
        {
            if (HasEnded)
            {
                return;
            }

            int place = _pushed.Count;
            while (place > 0 && _pushed[place - 1].BlockId > blockId)
            {
                place--;
            }

            if (place == 0 || _pushed[place - 1].BlockId != blockId)
            {
                _pushed.Insert(place, new Pushed(blockId, GuardPayload.FromBytes(content)));
            }
        }

        public void Remove(int blockId)
        {
            _ = _removed.Add(blockId);
            _ = _pushed.RemoveAll(pushed => pushed.BlockId == blockId);
        }

        public void End()
        {
            HasEnded = true;
            _pushed.Clear();
        }

        /// <summary>Adds what is left to run of this scope.</summary>
        public void AddWork(List<GuardWork> work)
        {
            if (HasEnded)
            {
                return;
            }

            for (int i = _pushed.Count - 1; i >= 0; i--)
            {
                if (!_removed.Contains(_pushed[i].BlockId))
                {
                    AddWork(work, _pushed[i].Payload, _pushed[i].BlockId);
                }
            }

            if (Payload is not null)
            {
                AddWork(work, Payload, 0);
            }
        }

        /// <summary>Adds what is left of a payload.</summary>
        /// <param name="work">The destination.</param>
        /// <param name="payload">The payload.</param>
        /// <param name="firstId">The number of its first block; the others follow.</param>
        private void AddWork(List<GuardWork> work, GuardPayload payload, int firstId)
        {
            List<GuardedBlock> blocks = [];
            List<int> cut = [];
            for (int i = 0; i < payload.ExitBlocks.Count; i++)
            {
                int id = firstId + i;
                if (Begun.Contains(id) && !Ended.Contains(id))
                {
                    cut.Add(id);
                }
                else if (!Begun.Contains(id) && !Ended.Contains(id) && !_removed.Contains(id))
                {
                    blocks.Add(new GuardedBlock(id, payload.ExitBlocks[i]));
                }
            }

            if (blocks.Count + cut.Count > 0)
            {
                work.Add(new GuardWork(scopeId, payload, blocks, cut));
            }
        }
    }
}
