using GracefulExit.Native;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>
/// What a guard needs of the operating system, on the owner's side and on its own. One class for each system: the rest knows no
/// system.
/// </summary>
internal interface IGuardSystem
{
    /// <summary>Gets the one of this system.</summary>
    static IGuardSystem Current { get; } = OperatingSystem.IsWindows() ? new WindowsGuardSystem() : new UnixGuardSystem();

    /// <summary>Gets how many bytes are in the pipe as a whole or not at all.</summary>
    int ChunkSize { get; }

    /// <summary>Gets the user's directory for what is kept between runs and is neither data nor configuration.</summary>
    string StateDirectory { get; }

    /// <summary>The owner's: makes the pipe.</summary>
    IGuardPipe CreatePipe();

    /// <summary>The owner's: starts the guard, out of the reach of what ends its owner, with the pipe's other end.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="arguments">Its arguments, without its own name.</param>
    /// <param name="environment">Its whole environment; may be added to.</param>
    /// <param name="pipe">The pipe.</param>
    IChildProcess Start(string path, IEnumerable<string> arguments, Dictionary<string, string> environment, IGuardPipe pipe);

    /// <summary>The guard's: keeps what would end it from doing so, as far as it is not out of reach by its start.</summary>
    void StandFast();

    /// <summary>The guard's: its end of the pipe.</summary>
    SafeFileHandle OpenPipe();

    /// <summary>The guard's, once the pipe has ended: waits until the owner is no more, and whatever has taken its place.</summary>
    /// <param name="ownerId">The owner.</param>
    void WaitForOwner(int ownerId);

    /// <summary>The guard's, before it runs exit blocks: the owner's standard output is its own from now on, as is the owner's way with signals.</summary>
    void TakeOver();

    /// <summary>The guard's: adds bytes to a file that is, or becomes, this user's alone. Throws or does nothing where it can't.</summary>
    void AppendPrivately(string path, ReadOnlySpan<byte> bytes);

    /// <summary>The guard's: ends it.</summary>
    /// <param name="status">Its exit status.</param>
    void End(int status);
}
