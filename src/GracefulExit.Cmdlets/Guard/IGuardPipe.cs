using System.Runtime.InteropServices;

namespace GracefulExit.Guard;

/// <summary>The owner's end of the pipe to its guard. What is in the pipe outlives the owner.</summary>
/// <remarks>Threads: any may write, also while others wait for room.</remarks>
internal interface IGuardPipe : IDisposable
{
    /// <summary>Gets the guard's end, as this process numbers it.</summary>
    SafeHandle Reader { get; }

    /// <summary>The guard has its end: from now on it is the only one, and a write after the guard's death fails.</summary>
    void CloseReader();

    /// <summary>Writes at most as many bytes as <see cref="IGuardSystem.ChunkSize"/>, as a whole or not at all.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="end">When to give up, in <see cref="Environment.TickCount64"/>.</param>
    /// <exception cref="IOException">The guard is gone, or this end is closed.</exception>
    /// <exception cref="TimeoutException">The pipe has stayed full.</exception>
    void Write(byte[] bytes, long end);

    /// <summary>Before a part of something big: leaves some of the pipe to messages of others, where that can be told.</summary>
    /// <param name="end">When to give up, in <see cref="Environment.TickCount64"/>.</param>
    /// <exception cref="TimeoutException">The pipe has stayed full.</exception>
    void WaitForRoom(long end);
}
