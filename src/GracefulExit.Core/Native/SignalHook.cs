using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>
/// A hook before .NET's own dispatch of signals. .NET delivers SIGHUP and the user signals on the thread pool, which a script
/// may have used up; creates a thread for each SIGTERM and SIGINT, 14,000 in a storm; and runs the shell's own Ctrl+C handler
/// as soon as ours has returned. Here a signal is taken before all of that. .NET runs handlers only if there are others beside
/// ours, not again while they are handling that signal, and never on the pool.
/// </summary>
/// <remarks>
/// <para>
/// .NET's native part calls one managed function for every signal that is registered, on one thread of its own:
/// <c>PosixSignalRegistration.OnPosixSignal</c>, set by <c>SystemNative_SetPosixSignalHandler</c> of libSystem.Native
/// (dotnet/runtime, PosixSignalRegistration.Unix.cs and pal_signal.c). Neither is public: a test checks that they exist. Without
/// them <see cref="TryInstall"/> returns false, and signals arrive in the ordinary way.
/// </para>
/// <para>Threads: <see cref="OnSignal"/> on .NET's native signal thread, which must not be held up; the rest on any.</para>
/// </remarks>
internal static unsafe class SignalHook
{
    /// <summary>Gets .NET's registrations, by the signal's number.</summary>
    public static FieldInfo? Registrations { get; } = typeof(PosixSignalRegistration).GetField("s_registrations", BindingFlags.Static | BindingFlags.NonPublic);

    private static delegate* unmanaged<int, PosixSignal, int> _dotnet;
    private static Func<int, bool>? _take;

    /// <summary>Installs the hook, once in a process. Must come after the first registration, which installs .NET's own.</summary>
    /// <param name="take">Called for each signal; returns true to take it. Must not block.</param>
    /// <returns>False: this runtime lacks the members.</returns>
    public static bool TryInstall(Func<int, bool> take)
    {
        if (FindDispatch() is not { } dispatch)
        {
            return false;
        }

        try
        {
            _dotnet = (delegate* unmanaged<int, PosixSignal, int>)dispatch.MethodHandle.GetFunctionPointer();
            Volatile.Write(ref _take, take);
            SetPosixSignalHandler(&OnSignal);
            return true;
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>.NET's dispatch, if it has the expected form.</summary>
    public static MethodInfo? FindDispatch() =>
        typeof(PosixSignalRegistration).GetMethod("OnPosixSignal", BindingFlags.Static | BindingFlags.NonPublic, [typeof(int), typeof(PosixSignal)]) is { } found
        && found.ReturnType == typeof(int)
        && found.GetCustomAttribute<UnmanagedCallersOnlyAttribute>() is not null
            ? found
            : null;

    /// <summary>
    /// Runs all handlers of a signal, newest first, on a new thread of .NET's, as for SIGTERM, which never uses the pool. Any
    /// thread. If the system refuses a thread, .NET ends the process, with or without this module.
    /// </summary>
    public static void RunHandlers(int signalNumber) => _ = _dotnet(signalNumber, PosixSignal.SIGTERM);

    /// <summary>How many handlers a signal has, ours included. If .NET does not tell, 2: then others are assumed.</summary>
    public static int CountHandlers(int signalNumber)
    {
        if (Registrations?.GetValue(null) is not IDictionary registrations)
        {
            return 2;
        }

        lock (registrations)
        {
            return registrations[signalNumber] is ICollection handlers ? handlers.Count : 0;
        }
    }

    [UnmanagedCallersOnly]
    private static int OnSignal(int signalNumber, PosixSignal signal)
    {
        try
        {
            if (Volatile.Read(ref _take)!(signalNumber))
            {
                return 1;
            }
        }
        catch (Exception)
        {
            // An exception here would end the process. Leave the signal to .NET.
        }

        // Not on the pool either.
        return _dotnet(signalNumber, signal == PosixSignal.SIGHUP ? PosixSignal.SIGTERM : signal);
    }

#pragma warning disable SYSLIB1054 // Blittable.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_SetPosixSignalHandler")]
    private static extern void SetPosixSignalHandler(delegate* unmanaged<int, PosixSignal, int> handler);
#pragma warning restore SYSLIB1054
}
