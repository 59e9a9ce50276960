using GracefulExit.Guard;

/// <summary>
/// Where a guard begins: <see cref="GuardCommandLine"/> names this assembly as a start-up hook, which .NET calls before the
/// shell's own <c>Main</c>. That is never reached, so a guard makes no console host and no session that nobody uses: a
/// sixth of its processor time and of its memory (docs/performance.md).
/// </summary>
/// <remarks>
/// The names and the lack of a namespace are .NET's: dotnet/runtime, docs/design/features/host-startup-hook.md. Where a
/// hook is not called, the shell starts, and its command line does the same.
/// </remarks>
#pragma warning disable CA1050 // Declare types in namespaces
internal static class StartupHook
#pragma warning restore CA1050
{
    /// <summary>Called by .NET on the main thread. Does not return.</summary>
    public static void Initialize() => GuardSession.Main();
}
