using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GracefulExit;

/// <summary>
/// A signal that a scope can be ended by: its name, and its number on this platform.
/// </summary>
/// <remarks>
/// Only signals whose default action ends the process and that a handler can catch are allowed.
/// Numbers: signal(7) for Linux, signal(3) for macOS; SIGINT, SIGQUIT, SIGTERM and SIGHUP exist on Windows too, where
/// .NET maps console events to them (documentation of <see cref="PosixSignal"/>).
/// </remarks>
public sealed class Signal : IEquatable<Signal>
{
    private static readonly Signal[] All =
    [
        new("SIGTERM", 15, 15, PosixSignal.SIGTERM, "kill, systemctl stop, docker stop"),
        new("SIGINT", 2, 2, PosixSignal.SIGINT, "Ctrl+C"),
        new("SIGHUP", 1, 1, PosixSignal.SIGHUP, "the terminal was closed"),
        new("SIGQUIT", 3, 3, PosixSignal.SIGQUIT, "Ctrl+\\"),
        new("SIGUSR1", 10, 30, null, "kill -USR1: for the program's own use"),
        new("SIGUSR2", 12, 31, null, "kill -USR2: for the program's own use"),
        new("SIGALRM", 14, 14, null, "alarm(2): a timer ran out"),
        new("SIGVTALRM", 26, 26, null, "setitimer(2): a virtual timer ran out"),
        new("SIGXCPU", 24, 24, null, "the limit of CPU time is reached (ulimit -t)"),
    ];

    private static readonly Signal[] Usable = Array.FindAll(All, static signal => signal.IsPortable || !OperatingSystem.IsWindows());

    private Signal(string name, int linuxNumber, int macNumber, PosixSignal? portable, string sentBy)
    {
        Name = name;
        Number = OperatingSystem.IsMacOS() ? macNumber : linuxNumber;
        // .NET takes raw numbers too, on Unix only.
        Posix = portable ?? (PosixSignal)Number;
        IsPortable = portable is not null;
        SentBy = sentBy;
    }

    /// <summary>Gets SIGTERM.</summary>
    public static Signal Terminate => All[0];

    /// <summary>Gets SIGINT.</summary>
    public static Signal Interrupt => All[1];

    /// <summary>Gets SIGHUP.</summary>
    public static Signal HangUp => All[2];

    /// <summary>Gets SIGQUIT.</summary>
    public static Signal Quit => All[3];

    /// <summary>Gets the signals that can be named on this platform, the usual ones first.</summary>
    public static IReadOnlyList<Signal> Allowed { get; } = Array.AsReadOnly(Usable);

    /// <summary>Gets the signals that pwsh's own Ctrl+C handler listens to.</summary>
    internal static IReadOnlyList<Signal> ConsoleBreaks { get; } = Array.FindAll(Usable, static signal => signal.IsConsoleBreak);

    /// <summary>Gets the name, <c>SIGTERM</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the number on this platform, 15 for SIGTERM.</summary>
    public int Number { get; }

    /// <summary>Gets a few words on who sends this signal.</summary>
    public string SentBy { get; }

    /// <summary>Gets the status by which shells tell of a process that this signal ended, 128 + n.</summary>
    public int ExitCode => 128 + Number;

    internal PosixSignal Posix { get; }

    /// <summary>
    /// Gets a value indicating whether pwsh's own Ctrl+C handler listens to this signal: it is a
    /// <see cref="Console.CancelKeyPress"/> subscription, which .NET raises for SIGINT and SIGQUIT.
    /// </summary>
    internal bool IsConsoleBreak => Posix is PosixSignal.SIGINT or PosixSignal.SIGQUIT;

    private bool IsPortable { get; }

    /// <summary>
    /// Finds the signal that a name (with or without <c>SIG</c>, any case) or a number means.
    /// </summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="signal">The signal, if there is one.</param>
    /// <returns>Whether the text names an allowed signal.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Signal? signal)
    {
        signal = null;
        string name = text?.Trim() ?? string.Empty;
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            signal = FromNumber(number);
            return signal is not null;
        }

        if (!name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase))
        {
            name = "SIG" + name;
        }

        signal = Array.Find(Usable, candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return signal is not null;
    }

    /// <summary>The allowed signal with a number; null: there is none.</summary>
    internal static Signal? FromNumber(int number) => Array.Find(Usable, candidate => candidate.Number == number);

    /// <inheritdoc/>
    public bool Equals(Signal? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => Number;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
