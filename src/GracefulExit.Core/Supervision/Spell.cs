namespace GracefulExit.Supervision;

/// <summary>Whether something was so at every look for a while.</summary>
/// <remarks>Threads: any, one at a time; the caller holds its own lock.</remarks>
internal struct Spell
{
    private long _since;

    /// <summary>A look.</summary>
    /// <param name="isSo">What it has shown.</param>
    /// <param name="limit">How long it is to have been so.</param>
    /// <returns>Whether it has been. Then, and when it is not so, it begins anew.</returns>
    public bool HasLasted(bool isSo, TimeSpan limit)
    {
        long now = Environment.TickCount64;
        if (isSo && _since == 0)
        {
            _since = now;
            return false;
        }

        bool hasLasted = isSo && now - _since >= limit.TotalMilliseconds;
        if (!isSo || hasLasted)
        {
            Reset();
        }

        return hasLasted;
    }

    /// <summary>It begins anew.</summary>
    public void Reset() => _since = 0;
}
