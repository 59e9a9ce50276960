using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace GracefulExit.Pipelines;

/// <summary>
/// Gives the commands of a steppable pipeline the position of the call of Use-ExitHandler, which <c>Write-Error</c> in the
/// user's block tells as its own.
/// </summary>
/// <remarks>
/// The engine does that by itself if the call of GetSteppablePipeline stands in a script, as in a proxy function; but then
/// the first such call in a process takes 5 ms for that script alone. A steppable pipeline does not show its commands; where
/// a later engine has no such members, errors point to the module's own <c>. $block</c>. Threads: pipeline threads.
/// </remarks>
internal static class SteppablePosition
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly FieldInfo? PipelineField = typeof(SteppablePipeline).GetField("_pipeline", Hidden);

    private static readonly PropertyInfo? CommandsProperty = PipelineField?.FieldType.GetProperty("Commands", Hidden);

    private static readonly PropertyInfo? CommandProperty =
        typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.CommandProcessorBase")?.GetProperty("Command", Hidden);

    private static readonly PropertyInfo? InvocationProperty = CommandProperty?.PropertyType.GetProperty("MyInvocation", Hidden);

    public static void Set(SteppablePipeline pipeline)
    {
        if (InvocationProperty is null || CommandsProperty is null)
        {
            return;
        }

        IScriptExtent? position = Runspace.DefaultRunspace.Debugger.GetCallStack().FirstOrDefault()?.Position;
        foreach (object processor in (IEnumerable)CommandsProperty.GetValue(PipelineField!.GetValue(pipeline))!)
        {
            if (InvocationProperty.GetValue(CommandProperty!.GetValue(processor)) is InvocationInfo invocation)
            {
                invocation.DisplayScriptPosition = position;
            }
        }
    }
}
