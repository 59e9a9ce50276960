using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace GracefulExit.Engine;

/// <summary>Engine members without a public name of which the engine makes a steppable pipeline.</summary>
internal static partial class EngineInternals
{
    /// <summary>
    /// Does what <see cref="ScriptBlock.GetSteppablePipeline(CommandOrigin, object[])"/> does for a pipeline of our own, with three
    /// differences. It leaves the caller's scope as it was, in which that method lets what follows the call find a session's private
    /// commands. Errors that <c>Write-Error</c> writes in the user's block have the position of the call of the running cmdlet; the
    /// engine does this only if GetSteppablePipeline is called in a script. And it needs no regular expression, by which the engine
    /// finds that out: the first one of most processes, a sixth of the first call of Use-ExitHandler. Pipeline thread.
    /// </summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="arguments">The values of its parameters.</param>
    /// <returns>Null: this engine lacks a member.</returns>
    public static SteppablePipeline? TryMakeSteppable(OwnPipeline pipeline, object?[] arguments)
    {
        if (!Steppables.AreAll || CurrentProcessor is null || RunspaceContext is null || ContextSession is null || SessionCurrentScope is null)
        {
            return null;
        }

        Runspace runspace = Runspace.DefaultRunspace;
        object context = Read<object>(RunspaceContext, runspace);
        object scope = Read<object>(SessionCurrentScope, Read<object>(ContextSession, context));

        // The engine looks for a command by the origin of the scope. Commands of our own are never the user's, as a host that
        // decides which command may run can tell.
        bool isInternal = (CommandOrigin)Read<int>(Steppables.ScopeOrigin!, scope) == CommandOrigin.Internal;
        try
        {
            if (!isInternal)
            {
                MethodOf(Steppables.SetScopeOrigin!).Call(scope, CommandOrigin.Internal);
            }

            return MakeSteppable(pipeline, arguments, context, runspace.Debugger.GetCallStack().FirstOrDefault()?.Position);
        }
        finally
        {
            if (!isInternal)
            {
                MethodOf(Steppables.SetScopeOrigin!).Call(scope, CommandOrigin.Runspace);
            }
        }
    }

    private static SteppablePipeline MakeSteppable(OwnPipeline pipeline, object?[] arguments, object context, IScriptExtent? position)
    {
        object? running = Read<object?>(CurrentProcessor!, context);
        object? runningRuntime = running is null ? null : Read<object?>(Steppables.ProcessorRuntime!, running);
        object processor = Activator.CreateInstance(Processor!.PropertyType)!;
        foreach (OwnPipeline.Command command in pipeline.Commands)
        {
            Array words = Array.CreateInstance(Steppables.CommandParameter!, command.Words.Length);
            for (int i = 0; i < words.Length; i++)
            {
                OwnPipeline.Word word = command.Words[i];
                words.SetValue(MethodOf(Steppables.NewArgument!).Call(null, arguments[word.Parameter], word.Ast, word.Ast.Splatted), i);
            }

            object added = MethodOf(Steppables.AddCommand!).Call(null, processor, words, command.Ast, null, context)!;
            InvocationInfo invocation = Read<InvocationInfo>(Steppables.CommandInvocation!, Read<object>(Steppables.ProcessorCommand!, added));
            MethodOf(Steppables.SetInvocationOrigin!).Call(invocation, CommandOrigin.Internal);
            invocation.DisplayScriptPosition = position;
            if (runningRuntime is not null)
            {
                // Redirections of the running cmdlet's call.
                MethodOf(Steppables.MergeFromRuntime!).Call(Read<object>(Steppables.ProcessorRuntime!, added), runningRuntime);
            }
        }

        object steppable = RuntimeHelpers.GetUninitializedObject(typeof(SteppablePipeline));
        MethodOf(Steppables.NewSteppable!).Call(steppable, context, processor);
        return (SteppablePipeline)steppable;
    }

    /// <summary>What is used to make a steppable pipeline. Methods are looked for by their parameters too: an engine that has others has none.</summary>
    private static class Steppables
    {
        internal static readonly Type? CommandParameter = Type("CommandParameterInternal");

        internal static readonly MethodInfo? NewArgument = Method(CommandParameter, "CreateArgument", typeof(object), typeof(Ast), typeof(bool));

        internal static readonly MethodInfo? AddCommand = Method(
            Type("PipelineOps"),
            "AddCommand",
            Processor?.PropertyType,
            CommandParameter?.MakeArrayType(),
            typeof(CommandBaseAst),
            Type("CommandRedirection")?.MakeArrayType(),
            Context?.PropertyType);

        internal static readonly PropertyInfo? ScopeOrigin = Property(SessionCurrentScope?.PropertyType, "ScopeOrigin");

        internal static readonly MethodInfo? SetScopeOrigin = ScopeOrigin?.SetMethod;

        internal static readonly PropertyInfo? ProcessorCommand = Property(Type("CommandProcessorBase"), "Command");

        internal static readonly PropertyInfo? ProcessorRuntime = Property(ProcessorCommand?.DeclaringType, "CommandRuntime");

        internal static readonly PropertyInfo? CommandInvocation = Property(ProcessorCommand?.PropertyType, "MyInvocation");

        internal static readonly MethodInfo? SetInvocationOrigin = Property(typeof(InvocationInfo), "CommandOrigin")?.SetMethod;

        internal static readonly MethodInfo? MergeFromRuntime = Method(ProcessorRuntime?.PropertyType, "SetMergeFromRuntime", ProcessorRuntime?.PropertyType);

        internal static readonly ConstructorInfo? NewSteppable = Context is null || Processor is null
            ? null
            : typeof(SteppablePipeline).GetConstructor(Hidden, [Context.PropertyType, Processor.PropertyType]);

        internal static readonly bool AreAll = NewArgument is not null && AddCommand is not null && SetScopeOrigin is not null
            && CommandInvocation is not null && ProcessorRuntime is not null && SetInvocationOrigin is not null && MergeFromRuntime is not null && NewSteppable is not null;

        private static MethodInfo? Method(Type? type, string name, params Type?[] parameters) =>
            type is null || Array.IndexOf(parameters, null) >= 0 ? null : type.GetMethod(name, AnyMember, parameters!);
    }
}
