using GracefulExit.Native;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Guard;

/// <summary>
/// What a guard needs from the operating system, on the owner's side and on its own. There is one class for each system; all
/// other code is the same everywhere.
/// </summary>
internal interface IGuardSystem
{
    /// <summary>Gets the implementation for this system.</summary>
    static IGuardSystem Current { get; } = OperatingSystem.IsWindows() ? new WindowsGuardSystem() : new UnixGuardSystem();

    /// <summary>Gets how many bytes can be written to the pipe as a whole or not at all.</summary>
    int ChunkSize { get; }

    /// <summary>Gets the user's directory for state: kept between runs, neither data nor configuration.</summary>
    string StateDirectory { get; }

    /// <summary>Owner: creates the pipe.</summary>
    IGuardPipe CreatePipe();

    /// <summary>Owner: starts the guard with the pipe's other end, and protected from what ends its owner.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="arguments">Its arguments, without its own name.</param>
    /// <param name="environment">Its whole environment; this method may add to it.</param>
    /// <param name="pipe">The pipe.</param>
    IChildProcess Start(string path, IEnumerable<string> arguments, Dictionary<string, string> environment, IGuardPipe pipe);

    /// <summary>Guard: protects itself from what would end it, as far as the start has not done so.</summary>
    void StandFast();

    /// <summary>Guard: its end of the pipe.</summary>
    SafeFileHandle OpenPipe();

    /// <summary>Guard, after the end of the pipe: waits for the end of the owner, and of a program that has replaced it (exec).</summary>
    /// <param name="ownerId">The owner.</param>
    void WaitForOwner(int ownerId);

    /// <summary>Guard, before it runs exit blocks: takes over the owner's standard output and its handling of signals.</summary>
    void TakeOver();

    /// <summary>Guard: appends bytes to a file that only this user can read. If that is impossible, throws or does nothing.</summary>
    void AppendPrivately(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Guard: ends the process.</summary>
    /// <param name="status">Its exit status.</param>
    void End(int status);
}
