using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace GracefulExit.Engine;

/// <summary>Engine members without a public name of which the engine makes a steppable pipeline.</summary>
internal static partial class EngineInternals
{
    private static readonly Type? CommandParameter = Type("CommandParameterInternal");

    private static readonly MethodInfo? NewArgument = CommandParameter?.GetMethod("CreateArgument", AnyMember);

    private static readonly MethodInfo? AddCommand = Type("PipelineOps")?.GetMethod("AddCommand", AnyMember);

    private static readonly PropertyInfo? ProcessorCommand = Property(Type("CommandProcessorBase"), "Command");

    private static readonly PropertyInfo? ProcessorRuntime = Property(ProcessorCommand?.DeclaringType, "CommandRuntime");

    private static readonly PropertyInfo? CommandInvocation = Property(ProcessorCommand?.PropertyType, "MyInvocation");

    private static readonly PropertyInfo? InvocationOrigin = Property(typeof(InvocationInfo), "CommandOrigin");

    private static readonly MethodInfo? MergeFromRuntime = ProcessorRuntime?.PropertyType.GetMethod("SetMergeFromRuntime", Hidden);

    private static readonly ConstructorInfo? NewSteppable = Context is null || Processor is null
        ? null
        : typeof(SteppablePipeline).GetConstructor(Hidden, [Context.PropertyType, Processor.PropertyType]);

    /// <summary>
    /// Does what <see cref="ScriptBlock.GetSteppablePipeline(CommandOrigin, object[])"/> does for a pipeline of our own, with three
    /// differences. It leaves the caller's scope alone, in which that method lets what follows the call find a session's private
    /// commands. Errors that <c>Write-Error</c> writes in the user's block have the position of the call of the running cmdlet; the
    /// engine does this only if GetSteppablePipeline is called in a script. And to find that out it looks for the name with a regular
    /// expression, the first one of most processes, which takes a sixth of the first call of Use-ExitHandler. Pipeline thread.
    /// </summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="arguments">The values of its parameters.</param>
    /// <returns>Null: this engine lacks a member.</returns>
    public static SteppablePipeline? TryMakeSteppable(OwnPipeline pipeline, object?[] arguments)
    {
        if (AddCommand is null || NewArgument is null || NewSteppable is null || MergeFromRuntime is null || RunspaceContext is null || CurrentProcessor is null
            || InvocationOrigin is null || CommandInvocation is null)
        {
            return null;
        }

        Runspace runspace = Runspace.DefaultRunspace;
        object context = Read<object>(RunspaceContext, runspace);
        object? running = Read<object?>(CurrentProcessor, context);
        object? runningRuntime = running is null ? null : Read<object?>(ProcessorRuntime!, running);
        IScriptExtent? position = runspace.Debugger.GetCallStack().FirstOrDefault()?.Position;
        object processor = Activator.CreateInstance(Processor!.PropertyType)!;
        foreach (OwnPipeline.Command command in pipeline.Commands)
        {
            Array words = Array.CreateInstance(CommandParameter!, command.Words.Length);
            for (int i = 0; i < words.Length; i++)
            {
                OwnPipeline.Word word = command.Words[i];
                words.SetValue(MethodOf(NewArgument).Call(null, arguments[word.Parameter], word.Ast, word.Ast.Splatted), i);
            }

            object added = MethodOf(AddCommand).Call(null, processor, words, command.Ast, null, context)!;
            InvocationInfo invocation = Read<InvocationInfo>(CommandInvocation, Read<object>(ProcessorCommand!, added));
            MethodOf(InvocationOrigin.SetMethod!).Call(invocation, CommandOrigin.Internal);
            invocation.DisplayScriptPosition = position;
            if (runningRuntime is not null)
            {
                // Redirections of the running cmdlet's call.
                MethodOf(MergeFromRuntime).Call(Read<object>(ProcessorRuntime!, added), runningRuntime);
            }
        }

        object steppable = RuntimeHelpers.GetUninitializedObject(typeof(SteppablePipeline));
        MethodOf(NewSteppable).Call(steppable, context, processor);
        return (SteppablePipeline)steppable;
    }
}
