using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GracefulExit.Native;

/// <summary>
/// Stands before .NET's own dispatch of signals. .NET delivers SIGHUP and the user signals on the thread pool, which a script
/// may have used up; makes a new thread for each SIGTERM and SIGINT, 14,000 in a storm; and runs a shell's own Ctrl+C handler
/// as soon as ours has returned. Here a signal is taken before any of that, and .NET runs handlers only where there are others
/// beside ours, once for a signal that is being handled already, and never on the pool.
/// </summary>
/// <remarks>
/// <para>
/// .NET's native part calls one managed function for every signal that is registered, on one thread of its own:
/// <c>PosixSignalRegistration.OnPosixSignal</c>, set by <c>SystemNative_SetPosixSignalHandler</c> of libSystem.Native
/// (dotnet/runtime, PosixSignalRegistration.Unix.cs and pal_signal.c). Neither is public: a test says that they are there. Without
/// them <see cref="TryInstall"/> says no, and signals come the ordinary way.
/// </para>
/// <para>Threads: <see cref="OnSignal"/> on .NET's native signal thread, which must not be held up; the rest on any.</para>
/// </remarks>
internal static unsafe class SignalHook
{
    /// <summary>Gets .NET's registrations, by the signal's number.</summary>
    public static FieldInfo? Registrations { get; } = typeof(PosixSignalRegistration).GetField("s_registrations", BindingFlags.Static | BindingFlags.NonPublic);

    private static delegate* unmanaged<int, PosixSignal, int> _dotnet;
    private static Func<int, bool>? _take;

    /// <summary>Installs the hook, once a process; after the first registration, which sets .NET's own.</summary>
    /// <param name="take">Is asked for each signal: true takes it. Must not block.</param>
    /// <returns>False: this runtime does not have what it needs.</returns>
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

    /// <summary>.NET's dispatch, if it is what is expected.</summary>
    public static MethodInfo? FindDispatch() =>
        typeof(PosixSignalRegistration).GetMethod("OnPosixSignal", BindingFlags.Static | BindingFlags.NonPublic, [typeof(int), typeof(PosixSignal)]) is { } found
        && found.ReturnType == typeof(int)
        && found.GetCustomAttribute<UnmanagedCallersOnlyAttribute>() is not null
            ? found
            : null;

    /// <summary>
    /// Runs all handlers of a signal, newest first, on a new thread of .NET's: as if it were SIGTERM, which never goes to the
    /// pool. Any thread. Without a thread to be had .NET ends the process, with or without us.
    /// </summary>
    public static void RunHandlers(int signalNumber) => _ = _dotnet(signalNumber, PosixSignal.SIGTERM);

    /// <summary>How many handlers a signal has, ours included; 2, if .NET does not tell: then others are assumed.</summary>
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
            // An exception here would end the process. The signal goes its usual way.
        }

        // Not on the pool either.
        return _dotnet(signalNumber, signal == PosixSignal.SIGHUP ? PosixSignal.SIGTERM : signal);
    }

#pragma warning disable SYSLIB1054 // Blittable.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_SetPosixSignalHandler")]
    private static extern void SetPosixSignalHandler(delegate* unmanaged<int, PosixSignal, int> handler);
#pragma warning restore SYSLIB1054
}
