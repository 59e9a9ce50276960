using System.Runtime.InteropServices;

namespace GracefulExit.Guard;

/// <summary>The owner's end of the pipe to its guard. What is in the pipe outlives the owner.</summary>
/// <remarks>Threads: any may write, even while others wait for room.</remarks>
internal interface IGuardPipe : IDisposable
{
    /// <summary>Gets the handle of the guard's end in this process.</summary>
    SafeHandle Reader { get; }

    /// <summary>Closes the guard's end here, now that the guard has it: a write after the guard's death fails.</summary>
    void CloseReader();

    /// <summary>Writes up to <see cref="IGuardSystem.ChunkSize"/> bytes, as a whole or not at all.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="end">When to give up, in <see cref="Environment.TickCount64"/>.</param>
    /// <exception cref="IOException">The guard is gone, or this end is closed.</exception>
    /// <exception cref="TimeoutException">The pipe has stayed full.</exception>
    void Write(byte[] bytes, long end);

    /// <summary>Called before each part of a big payload: keeps room in the pipe for other messages, where the system can tell.</summary>
    /// <param name="end">When to give up, in <see cref="Environment.TickCount64"/>.</param>
    /// <exception cref="TimeoutException">The pipe has stayed full.</exception>
    void WaitForRoom(long end);
}
