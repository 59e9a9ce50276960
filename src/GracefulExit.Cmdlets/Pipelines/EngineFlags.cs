using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace GracefulExit.Pipelines;

/// <summary>
/// The things about the engine that have no public name. The first: whether the caller is within a <c>try</c> or <c>trap</c>, so
/// that a statement's error (1/0, a method's exception) is to end the body instead of being printed.
/// </summary>
/// <remarks>
/// The engine keeps it in <c>ExecutionContext.PropagateExceptionsToEnclosingStatementBlock</c> and clears it for every
/// nested pipeline; <c>try { . { 1/0; 'next' } } catch { }</c> and the same with Use-ExitHandler would differ.
/// The second: why the caller's pipeline ends. The third: whether somebody stops it who has not come to it yet.
/// Where a later engine has no such members, things stay as the engine sets them.
/// Threads: initialised once by the runtime; used on pipeline threads, each for its own runspace.
/// </remarks>
internal static class EngineFlags
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly PropertyInfo? ContextProperty = typeof(InternalCommand).GetProperty("Context", Hidden);

    private static readonly PropertyInfo? FlagProperty =
        ContextProperty?.PropertyType.GetProperty("PropagateExceptionsToEnclosingStatementBlock", Hidden);

    private static readonly PropertyInfo? ProcessorProperty =
        typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.MshCommandRuntime")?.GetProperty("PipelineProcessor", Hidden);

    private static readonly FieldInfo? FailureField = ProcessorProperty?.PropertyType.GetField("_firstTerminatingError", Hidden);

    private static readonly FieldInfo? StoppingField = ProcessorProperty?.PropertyType.GetField("_stopping", Hidden);

    private static readonly PropertyInfo? LocalPipelineProperty = ProcessorProperty?.PropertyType.GetProperty("LocalPipeline", Hidden);

    // Public, but not in PowerShellStandard.
    private static readonly PropertyInfo? StateInfoProperty = LocalPipelineProperty?.PropertyType.GetProperty("PipelineStateInfo");

    private static readonly PropertyInfo? StateProperty = StateInfoProperty?.PropertyType.GetProperty("State");

    private static readonly PropertyInfo? StopperProperty = LocalPipelineProperty?.PropertyType.GetProperty("Stopper", Hidden);

    private static readonly FieldInfo? StackField = StopperProperty?.PropertyType.GetField("_stack", Hidden);

    public static bool IsWithinTry(PSCmdlet command) => FlagProperty?.GetValue(ContextProperty!.GetValue(command)) is true;

    public static void SetWithinTry(PSCmdlet command, bool value)
    {
        if (IsWithinTry(command) != value)
        {
            FlagProperty?.SetValue(ContextProperty!.GetValue(command), value);
        }
    }

    /// <summary>
    /// What the caller's pipeline takes for the reason of its end: a consumer that has enough (Select-Object -First), whose
    /// refusal looks to us like any stop. Null: nothing ends it, or the engine does not tell.
    /// </summary>
    public static Exception? GetFailure(PSCmdlet outer) =>
        Processor(outer) is { } processor ? (FailureField!.GetValue(processor) as ExceptionDispatchInfo)?.SourceException : null;

    /// <summary>
    /// Whether somebody has begun to stop the caller's pipeline, which may not know yet: the stop waits for the body's
    /// pipeline to end before it goes on to the caller's, and reaches that while exit blocks run.
    /// </summary>
    public static bool IsBeingStopped(PSCmdlet outer) =>
        outer.Stopping
        || (Processor(outer) is { } own
            && LocalPipelineProperty?.GetValue(own) is { } pipeline
            && StateProperty?.GetValue(StateInfoProperty!.GetValue(pipeline))?.ToString() is "Stopping" or "Stopped");

    /// <summary>
    /// Takes back the failure that the stop of the body has left in the caller's pipelines: if a command further down was at
    /// work on an object of the body at that moment, its script was stopped too, and the engine lays that at the door of
    /// that command's pipeline, which nobody has stopped.
    /// </summary>
    public static void ForgiveStop(PSCmdlet outer)
    {
        if (outer.Stopping || StoppingField is null || Processor(outer) is not { } own)
        {
            return;
        }

        object? stopper = StopperProperty?.GetValue(LocalPipelineProperty!.GetValue(own));
        IEnumerable processors = stopper is null || StackField is null ? new[] { own } : (IEnumerable)StackField.GetValue(stopper)!;
        foreach (object processor in processors)
        {
            if ((FailureField!.GetValue(processor) as ExceptionDispatchInfo)?.SourceException is PipelineStoppedException)
            {
                FailureField.SetValue(processor, null);
                StoppingField.SetValue(processor, false);
            }
        }
    }

    private static object? Processor(PSCmdlet outer) => FailureField is null ? null : ProcessorProperty!.GetValue(outer.CommandRuntime);
}
