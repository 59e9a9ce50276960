namespace GracefulExit.Scopes;

/// <summary>
/// Runs what must not be cut short by the <see cref="Thread.Interrupt"/> that frees a blocked body: an interrupt that is
/// pending when the body's thread comes to a lock of ours would otherwise be thrown there.
/// </summary>
internal static class Uninterruptible
{
    public static T Run<T>(Func<T> action)
    {
        while (true)
        {
            try
            {
                return action();
            }
            catch (ThreadInterruptedException)
            {
                // Thrown on entering a wait, so nothing of the action has happened yet; the interrupt is used up.
            }
        }
    }

    /// <summary>Takes back an interrupt that came too late, so that it does not hit the next wait.</summary>
    public static void ClearPending()
    {
        try
        {
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
            // That was it.
        }
    }
}
