using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;

namespace GracefulExit.Pipelines;

/// <summary>
/// The one thing about the engine that has no public name: whether the caller is within a <c>try</c> or <c>trap</c>, so
/// that a statement's error (1/0, a method's exception) is to end the body instead of being printed.
/// </summary>
/// <remarks>
/// The engine keeps it in <c>ExecutionContext.PropagateExceptionsToEnclosingStatementBlock</c> and clears it for every
/// nested pipeline; <c>try { . { 1/0; 'next' } } catch { }</c> and the same with Use-ExitHandler would differ.
/// Where a later engine has no such property, the flag stays as the engine sets it.
/// Threads: initialised once by the runtime; used on pipeline threads, each for its own runspace.
/// </remarks>
internal static class EngineFlags
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly PropertyInfo? ContextProperty = typeof(InternalCommand).GetProperty("Context", Hidden);

    private static readonly PropertyInfo? FlagProperty =
        ContextProperty?.PropertyType.GetProperty("PropagateExceptionsToEnclosingStatementBlock", Hidden);

    private static readonly Func<InternalCommand, bool>? Getter = FlagProperty is null ? null
        : command => (bool)FlagProperty.GetValue(ContextProperty!.GetValue(command))!;

    public static bool IsWithinTry(PSCmdlet command) => Getter?.Invoke(command) ?? false;

    public static void SetWithinTry(PSCmdlet command, bool value)
    {
        if (IsWithinTry(command) != value)
        {
            FlagProperty?.SetValue(ContextProperty!.GetValue(command), value);
        }
    }
}
