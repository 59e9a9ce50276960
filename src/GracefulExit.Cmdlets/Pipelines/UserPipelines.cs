using System.Management.Automation;
using GracefulExit.Scopes;

namespace GracefulExit.Pipelines;

/// <summary>
/// Makes the steppable pipelines in which the user's blocks run. To be called while the outer cmdlet is the running
/// command: a steppable pipeline takes over the redirections of the command that is running when it is made.
/// </summary>
internal static class UserPipelines
{
    /// <summary>
    /// By script rather than directly: the engine then gives the block the position of the call of Use-ExitHandler, which
    /// Write-Error in it tells as its own (it looks for the word GetSteppablePipeline in the calling statement).
    /// </summary>
    private static readonly ScriptBlock Maker = ScriptBlock.Create("param($p, $a) $p.GetSteppablePipeline('Internal', $a)");

    private static readonly ScriptBlock Body = ScriptBlock.Create("param($b, $a) . $b @a");

    private static readonly ScriptBlock Exit = ScriptBlock.Create("param($b, $c, $s, $g) . $b $c | & $s $g");

    /// <summary>As <see cref="Exit"/>, adding to the variables of -WarningVariable and its like what the exit block writes.</summary>
    private static readonly ScriptBlock CollectedExit = ScriptBlock.Create("param($b, $c, $s, $g, $w, $v) . $w $b $c @v | & $s $g");

    /// <summary>The long names: they hide variables of the caller while the exit block runs.</summary>
    private static readonly ScriptBlock Collector = ScriptBlock.Create(
        "[CmdletBinding()] param($GracefulExitBlock, $GracefulExitContext) . $GracefulExitBlock $GracefulExitContext");

    private static readonly string[] CollectingParameters = ["ErrorVariable", "WarningVariable", "InformationVariable"];

    public static SteppablePipeline ForBody(PSCmdlet outer, ScopeOptions options) => Make(outer, Body, [options.Body, options.Arguments]);

    public static SteppablePipeline ForExitBlock(PSCmdlet outer, ScriptBlock block, ExitContext context, OutputGuard guard)
    {
        Dictionary<string, object>? collecting = FindCollectingParameters(outer);
        return collecting is null
            ? Make(outer, Exit, [block, context, OutputGuardCommand.Info, guard])
            : Make(outer, CollectedExit, [block, context, OutputGuardCommand.Info, guard, Collector, collecting]);
    }

    /// <summary>
    /// The body's records reach these variables through the outer cmdlet's output pipe; an exit block writes to the guard's.
    /// </summary>
    private static Dictionary<string, object>? FindCollectingParameters(PSCmdlet outer)
    {
        Dictionary<string, object>? found = null;
        foreach (string name in CollectingParameters)
        {
            if (outer.MyInvocation.BoundParameters.TryGetValue(name, out object? variable))
            {
                // "+name": adds to what is there.
                (found ??= [])[name] = "+" + ((string)variable).TrimStart('+');
            }
        }

        return found;
    }

    private static SteppablePipeline Make(PSCmdlet outer, ScriptBlock pipeline, object?[] arguments) =>
        (SteppablePipeline)outer.InvokeCommand.InvokeScript(false, Maker, null, pipeline, arguments)[0].BaseObject;
}
