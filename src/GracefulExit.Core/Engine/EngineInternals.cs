using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace GracefulExit.Engine;

/// <summary>
/// All engine members without a public name; no other class uses reflection on the engine. A test checks that each member
/// exists in the engine under test (<see cref="Missing"/>). If a later engine lacks one, the engine's own behaviour remains.
/// </summary>
/// <remarks>Threads: initialised once by the runtime. Each method says where it may be called.</remarks>
internal static partial class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly Assembly EngineAssembly = typeof(PSCmdlet).Assembly;

    private static readonly PropertyInfo? Context = typeof(InternalCommand).GetProperty("Context", Hidden);

    private static readonly PropertyInfo? WithinTry = Property(Context?.PropertyType, "PropagateExceptionsToEnclosingStatementBlock");

    private static readonly PropertyInfo? CurrentProcessor = Property(Context?.PropertyType, "CurrentCommandProcessor");

    private static readonly PropertyInfo? Processor = Property(Type("MshCommandRuntime"), "PipelineProcessor");

    private static readonly FieldInfo? Failure = Field(Processor?.PropertyType, "_firstTerminatingError");

    private static readonly ConcurrentDictionary<MethodBase, EngineMethod> Methods = new();

    /// <summary>Gets the names of members that this engine lacks; empty if everything works as designed.</summary>
    public static IEnumerable<string> Missing =>
        from type in typeof(EngineInternals).GetNestedTypes(BindingFlags.NonPublic).Append(typeof(EngineInternals))
        from member in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic)
        where (typeof(MemberInfo).IsAssignableFrom(member.FieldType) && member.GetValue(null) is null)
            || (member.GetValue(null) is PropertyInfo?[] several && several.Contains(null))
        select member.Name;

    /// <summary>
    /// Gets a value indicating whether a pipeline runs in the shell's own runspace: a script, a consumer of its output, or a
    /// command at the prompt. False if the engine lacks the member. Any thread.
    /// </summary>
    public static bool IsShellBusy => Stops.PrimaryRunspace?.GetValue(null) is Runspace shell && Stops.RunningPipeline?.Invoke(shell, null) is not null;

    /// <summary>
    /// Whether the caller is within a <c>try</c> or <c>trap</c>, so that a statement's error (1/0, a method's exception) must end
    /// the body instead of being printed. The engine clears this flag for every nested pipeline; without restoring it,
    /// <c>try { . { 1/0; 'next' } } catch { }</c> and the same with Use-ExitHandler would differ. Pipeline thread.
    /// </summary>
    public static bool IsWithinTry(PSCmdlet command) => WithinTry is not null && Read<bool>(WithinTry, ContextOf(command)!);

    /// <summary>Sets what <see cref="IsWithinTry"/> returns. Pipeline thread.</summary>
    public static void SetWithinTry(PSCmdlet command, bool value)
    {
        if (IsWithinTry(command) != value)
        {
            WithinTry?.SetValue(ContextOf(command), value);
        }
    }

    /// <summary>
    /// Why the caller's pipeline ends, according to the pipeline: for example a consumer that has enough (Select-Object -First),
    /// whose refusal looks like any stop from here. Null: nothing ends it, or the engine does not tell. Pipeline thread.
    /// </summary>
    public static Exception? GetFailure(PSCmdlet outer) =>
        ProcessorOf(outer) is { } processor ? (Failure!.GetValue(processor) as ExceptionDispatchInfo)?.SourceException : null;

    /// <summary>
    /// Whether a stop of the caller's pipeline has begun, even if it has not reached that pipeline yet: it first waits for the end
    /// of the body's pipeline, and reaches the caller's while exit blocks run. Any thread.
    /// </summary>
    public static bool IsBeingStopped(PSCmdlet outer) =>
        outer.Stopping
        || (ProcessorOf(outer) is { } own
            && ReadIfAny(Stops.LocalPipeline, own) is { } pipeline
            && ReadIfAny(Stops.StateInfo, pipeline) is { } info
            && Stops.State is not null
            && (PipelineState)Read<int>(Stops.State, info) is PipelineState.Stopping or PipelineState.Stopped);

    /// <summary>
    /// Removes the failure mark that the stop of the body has left in the caller's pipelines. If a command further down the pipeline
    /// was processing an object of the body at that moment, its script was stopped too, and the engine counts that as a failure of
    /// that command's pipeline, although nobody has stopped it. Pipeline thread.
    /// </summary>
    /// <remarks>
    /// No real stop is lost. A real stop of the caller marks its pipeline before it reaches the commands. If that mark is there after
    /// the change, everything is put back. If it is set later, the stop reaches the commands later too.
    /// </remarks>
    public static void ForgiveStop(PSCmdlet outer)
    {
        if (Stops.Stopping is null || ProcessorOf(outer) is not { } own || ReadIfAny(Stops.LocalPipeline, own) is not { } pipeline)
        {
            return;
        }

        List<object> processors = [];
        if (Stops.StopperStack is not null && ReadIfAny(Stops.Stopper, pipeline) is { } stopper)
        {
            AddAll(processors, Stops.StopperStack.GetValue(stopper));
        }
        else
        {
            processors.Add(own);
        }

        List<object> redirections = FindRedirections(processors, outer);
        foreach (object redirection in redirections)
        {
            // A redirection counts as part of the pipeline in which it was last written to, and as stopped if that was stopped.
            Stops.LocalPipeline!.SetValue(redirection, pipeline);
        }

        if (IsBeingStopped(outer))
        {
            return;
        }

        processors.AddRange(redirections);
        List<Forgiven> forgiven = [];
        foreach (object processor in processors)
        {
            object? failure = Failure!.GetValue(processor);
            if ((failure as ExceptionDispatchInfo)?.SourceException is PipelineStoppedException)
            {
                forgiven.Add(new Forgiven(processor, failure, Stops.Stopping.GetValue(processor)));
                Failure.SetValue(processor, null);
                Stops.Stopping.SetValue(processor, false);
            }
        }

        if (IsBeingStopped(outer))
        {
            foreach (Forgiven one in forgiven)
            {
                Failure!.SetValue(one.Processor, one.Failure);
                Stops.Stopping.SetValue(one.Processor, one.Stopping);
            }
        }
    }

    /// <summary>
    /// Whether a stop is in force in a runspace: what runs there was told to stop and is not in a <c>finally</c> or <c>clean</c>
    /// block. The engine suspends the stop while such a block runs, so that it can do its work. False if the engine does not tell.
    /// Any thread.
    /// </summary>
    public static bool IsStopInForce(Runspace runspace) => StopperOf(runspace) is { } stopper && Stops.StopperIsStopping?.GetValue(stopper) is true;

    /// <summary>The same for the pipeline in which a command runs; null: the engine does not tell, or the pipeline has ended. Any thread.</summary>
    public static bool? IsStopInForce(PSCmdlet command) => StopperOf(command) is { } stopper ? Stops.StopperIsStopping?.GetValue(stopper) as bool? : null;

    /// <summary>Stops again the pipeline in which a command runs, whose stop the engine has lost. Returns at once. If it has ended, nothing happens.</summary>
    public static void BeginStopAgain(PSCmdlet command)
    {
        if (StopperOf(command) is not { } stopper)
        {
            return;
        }

        try
        {
            // It calls the commands' own code.
            StopThread.Begin(() => StopAgain(stopper));
        }
        catch (OutOfMemoryException)
        {
            // No thread to be had. The caller looks again.
        }
    }

    /// <summary>What stops the pipeline in which a command runs.</summary>
    private static object? StopperOf(PSCmdlet command) =>
        ProcessorOf(command) is { } processor && ReadIfAny(Stops.LocalPipeline, processor) is { } pipeline ? ReadIfAny(Stops.Stopper, pipeline) : null;

    /// <summary>What stops the pipeline that runs in a runspace.</summary>
    private static object? StopperOf(Runspace runspace) =>
        Stops.RunningPipeline?.Invoke(runspace, null) is { } pipeline && Stops.Stopper?.DeclaringType!.IsInstanceOfType(pipeline) == true
            ? Read<object?>(Stops.Stopper, pipeline)
            : null;

    private static void StopAgain(object stopper)
    {
        try
        {
            _ = Stops.StopperStop?.Invoke(stopper, null);
        }
        catch (TargetInvocationException)
        {
            // The pipeline has ended meanwhile.
        }
    }

    /// <summary>The command that the engine considers to be running. Pipeline thread.</summary>
    public static object? GetCurrentCommand(PSCmdlet command) => CurrentProcessor?.GetValue(ContextOf(command));

    /// <summary>Sets what <see cref="GetCurrentCommand"/> returns. The redirections of that command apply to steppable pipelines created meanwhile. Pipeline thread.</summary>
    public static void SetCurrentCommand(PSCmdlet command, object? processor) => CurrentProcessor?.SetValue(ContextOf(command), processor);

    /// <summary>
    /// Takes the actions out of the queue of engine events. The engine puts an action that was stopped with the body back
    /// into the queue, and the next pipeline of the runspace runs it again from its start. Pipeline thread.
    /// </summary>
    /// <returns>The argument for <see cref="PutBackEventActions"/>; null: there were none.</returns>
    public static Array? TakeEventActions(PSEventManager events)
    {
        if (Stops.EventQueue?.DeclaringType?.IsInstanceOfType(events) != true || Stops.EventQueue.GetValue(events) is not ICollection { Count: > 0 } queue)
        {
            return null;
        }

        lock (queue.SyncRoot)
        {
            Array actions = (Array)queue.GetType().GetMethod("ToArray")!.Invoke(queue, null)!;
            queue.GetType().GetMethod("Clear")!.Invoke(queue, null);
            return actions;
        }
    }

    /// <summary>Puts actions back, ahead of those that have been queued meanwhile. Pipeline thread.</summary>
    public static void PutBackEventActions(PSEventManager events, Array? actions)
    {
        if (actions is null || Stops.EventQueue?.GetValue(events) is not ICollection queue)
        {
            return;
        }

        lock (queue.SyncRoot)
        {
            Array newer = (Array)queue.GetType().GetMethod("ToArray")!.Invoke(queue, null)!;
            MethodInfo enqueue = queue.GetType().GetMethod("Enqueue")!;
            queue.GetType().GetMethod("Clear")!.Invoke(queue, null);
            foreach (object action in actions.Cast<object>().Concat(newer.Cast<object>()))
            {
                enqueue.Invoke(queue, [action]);
            }
        }
    }

    /// <summary>
    /// The pipelines of the file redirections of these pipelines' commands, and of the pipes that a command writes to, which may belong
    /// to an expression around it.
    /// </summary>
    private static List<object> FindRedirections(List<object> processors, PSCmdlet outer)
    {
        List<object> found = [];
        foreach (object processor in processors)
        {
            AddAll(found, Stops.Redirections?.GetValue(processor));
        }

        foreach (PropertyInfo? pipe in Stops.Pipes)
        {
            if (ReadIfAny(pipe, outer.CommandRuntime) is { } value && ReadIfAny(Stops.PipeProcessor, value) is { } redirection)
            {
                Add(found, redirection);
            }
        }

        return found;
    }

    private static void AddAll(List<object> list, object? more)
    {
        foreach (object one in (IEnumerable?)more ?? Array.Empty<object>())
        {
            Add(list, one);
        }
    }

    private static void Add(List<object> list, object one)
    {
        if (!list.Contains(one))
        {
            list.Add(one);
        }
    }

    private static object? ProcessorOf(PSCmdlet outer) => Failure is null ? null : Read<object?>(Processor!, outer.CommandRuntime);

    private static object? ContextOf(PSCmdlet command) => ReadIfAny(Context, command);

    private static object? ReadIfAny(PropertyInfo? property, object target) => property is null ? null : Read<object?>(property, target);

    /// <summary>Reads a property, an enumeration's as <see cref="int"/>: with a value type of the engine's, nothing of this could be compiled ahead of time.</summary>
    private static T Read<T>(PropertyInfo property, object target) => (T)MethodOf(property.GetMethod!).Call(target)!;

    private static EngineMethod MethodOf(MethodBase method) => Methods.GetOrAdd(method, static called => new EngineMethod(called));

    private static Type? Type(string name) => EngineAssembly.GetType("System.Management.Automation." + name);

    private static PropertyInfo? Property(Type? type, string name) => type?.GetProperty(name, Hidden);

    private static FieldInfo? Field(Type? type, string name) => type?.GetField(name, Hidden);

    /// <summary>A pipeline whose mark of failure has been removed, and what it was.</summary>
    private sealed record Forgiven(object Processor, object? Failure, object? Stopping);

    /// <summary>What is used once something has been stopped. In a class of its own, since most processes need none of it; those that a signal ends look for it then, most of it while the stop is under way.</summary>
    private static class Stops
    {
        internal static readonly FieldInfo? Stopping = Field(Processor?.PropertyType, "_stopping");

        /// <summary>The pipes after a command, one for each stream. A redirection into a file is a separate pipeline after one of them.</summary>
        internal static readonly PropertyInfo?[] Pipes =
        [
            Pipe("OutputPipe"), Pipe("ErrorOutputPipe"), Pipe("WarningOutputPipe"), Pipe("VerboseOutputPipe"), Pipe("DebugOutputPipe"), Pipe("InformationOutputPipe"),
        ];

        internal static readonly PropertyInfo? PipeProcessor = Property(Pipes[0]?.PropertyType, "PipelineProcessor");

        internal static readonly FieldInfo? Redirections = Field(Processor?.PropertyType, "_redirectionPipes");

        internal static readonly PropertyInfo? LocalPipeline = Property(Processor?.PropertyType, "LocalPipeline");

        // Public, but missing in PowerShellStandard.
        internal static readonly PropertyInfo? StateInfo = Property(LocalPipeline?.PropertyType, "PipelineStateInfo");

        internal static readonly PropertyInfo? State = Property(StateInfo?.PropertyType, "State");

        internal static readonly PropertyInfo? Stopper = Property(LocalPipeline?.PropertyType, "Stopper");

        internal static readonly PropertyInfo? StopperIsStopping = Property(Stopper?.PropertyType, "IsStopping");

        internal static readonly MethodInfo? StopperStop = Stopper?.PropertyType.GetMethod("Stop", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, []);

        internal static readonly FieldInfo? StopperStack = Field(Stopper?.PropertyType, "_stack");

        internal static readonly MethodInfo? RunningPipeline = typeof(Runspace).GetMethod("GetCurrentlyRunningPipeline", Hidden);

        internal static readonly PropertyInfo? PrimaryRunspace = typeof(Runspace).GetProperty("PrimaryRunspace", BindingFlags.Static | BindingFlags.NonPublic);

        internal static readonly FieldInfo? EventQueue = Field(Type("PSLocalEventManager"), "_actionQueue");

        private static PropertyInfo? Pipe(string name) => Property(Type("MshCommandRuntime"), name);
    }
}
