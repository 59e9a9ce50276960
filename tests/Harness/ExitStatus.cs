namespace GracefulExit.Tests.Harness;

/// <summary>How a process ended, as its parent sees it: with a code, or by a signal.</summary>
/// <param name="Code">The exit status; null if a signal killed the process.</param>
/// <param name="Signal">The signal that killed the process, <c>SIGTERM</c>; null if it exited.</param>
public readonly record struct ExitStatus(int? Code, string? Signal)
{
    /// <summary>Ended by itself with <paramref name="code"/>.</summary>
    public static ExitStatus Exited(int code) => new(code, null);

    /// <summary>Killed by <paramref name="signal"/>.</summary>
    public static ExitStatus Killed(string signal) => new(null, signal);

    /// <inheritdoc/>
    public override string ToString() => Signal is null ? $"exit {Code}" : $"killed by {Signal}";

    /// <summary>Reads the status word of <c>waitpid</c>, which has this layout on every Unix that .NET knows.</summary>
    internal static ExitStatus FromWait(int status)
    {
        int signal = status & 0x7f;
        return signal == 0 ? Exited((status >> 8) & 0xff) : Killed(Signals.Name(signal));
    }
}
