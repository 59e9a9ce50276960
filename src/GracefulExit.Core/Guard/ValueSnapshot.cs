using System.Collections;
using System.Diagnostics;

namespace GracefulExit.Guard;

/// <summary>A dictionary as it was.</summary>
/// <param name="Keys">Its keys.</param>
/// <param name="Values">Their values, in the same order.</param>
internal sealed record DictionarySnapshot(object?[] Keys, object?[] Values);

/// <summary>
/// Copies collections that another thread may be changing: tries again until a copy succeeds or the time is up.
/// </summary>
/// <remarks>Threads: any. If a collection has its own lock for this (SyncRoot), it is copied under it, if it is free in time.</remarks>
internal static class ValueSnapshot
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>Copies the items.</summary>
    /// <exception cref="TimeoutException">It changed all the while.</exception>
    public static object?[] Items(IEnumerable collection) => Retry(collection, () => collection is IList list && collection is not Array
        ? ItemsByPlace(list)
        : collection.Cast<object?>().ToArray());

    /// <summary>Copies keys and values.</summary>
    /// <exception cref="TimeoutException">It changed all the while.</exception>
    public static DictionarySnapshot Entries(IDictionary dictionary) => Retry(dictionary, () =>
    {
        // Cloning a hashtable works while another thread changes it.
        IDictionary source = dictionary is Hashtable table ? (Hashtable)table.Clone() : dictionary;
        List<object?> keys = new(source.Count);
        List<object?> values = new(source.Count);
        IDictionaryEnumerator each = source.GetEnumerator();
        while (each.MoveNext())
        {
            keys.Add(each.Key);
            values.Add(each.Value);
        }

        return new DictionarySnapshot([.. keys], [.. values]);
    });

    /// <summary>Copies by index, so that an item added meanwhile does no harm.</summary>
    private static object?[] ItemsByPlace(IList list)
    {
        object?[] items = new object?[list.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = list[i];
        }

        return items;
    }

    private static T Retry<T>(object collection, Func<T> copy)
    {
        object? gate = collection is ICollection { IsSynchronized: true } synchronized and not Array ? synchronized.SyncRoot : null;
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            bool isHeld = false;
            try
            {
                if (gate is not null)
                {
                    Monitor.TryEnter(gate, Patience, ref isHeld);
                }

                return copy();
            }
            catch (Exception exception) when (exception
                is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
            {
                // The exceptions that collections throw when they change during a copy.
                if (Stopwatch.GetElapsedTime(start) > Patience)
                {
                    throw new TimeoutException(exception.Message, exception);
                }
            }
            finally
            {
                if (isHeld)
                {
                    Monitor.Exit(gate!);
                }
            }

            Thread.Yield();
        }
    }
}
