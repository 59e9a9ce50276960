using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>
/// Creates the steppable pipelines in which the user's blocks run. Must be called while the outer cmdlet is the running command:
/// a steppable pipeline takes over the redirections of the command that is running when it is created.
/// </summary>
internal static class UserPipelines
{
    private static readonly OwnPipeline Body = OwnPipeline.Create("param($b, $a) . $b @a");

    private static readonly OwnPipeline Exit = OwnPipeline.Create("param($b, $a, $s) . $b @a | & $s");

    private static readonly string[] CollectingParameters = ["ErrorVariable", "WarningVariable", "InformationVariable"];

    /// <summary>For a body.</summary>
    /// <param name="block">The body.</param>
    /// <param name="arguments">Its arguments.</param>
    public static SteppablePipeline ForBody(ScriptBlock block, object?[] arguments) => Make(Body, [block, arguments]);

    /// <summary>For an exit block whose output goes to the caller as long as the caller takes it.</summary>
    public static SteppablePipeline ForExitBlock(PSCmdlet outer, ScriptBlock block, object?[] arguments, OutputGuard guard)
    {
        Dictionary<string, object>? collecting = FindCollectingParameters(outer);
        return collecting is null
            ? MakeGuarded(guard, Exit, [block, arguments, OwnWorkCommand.Info])
            : MakeGuarded(guard, Rare.CollectedExit, [block, arguments, OwnWorkCommand.Info, Rare.Collector, collecting]);
    }

    /// <summary>For an exit block whose output nobody takes. Not linked to the outer cmdlet's pipes.</summary>
    public static SteppablePipeline ForUnheardExitBlock(ScriptBlock block, object?[] arguments, OutputGuard guard) =>
        MakeGuarded(guard, Rare.UnheardExit, [block, arguments, OwnWorkCommand.Info, Rare.MergerFor(arguments.Length)]);

    /// <summary>
    /// The body's records reach these variables through the outer cmdlet's output pipe, but an exit block writes to the guard's.
    /// </summary>
    private static Dictionary<string, object>? FindCollectingParameters(PSCmdlet outer)
    {
        Dictionary<string, object>? found = null;
        foreach (string name in CollectingParameters)
        {
            if (outer.MyInvocation.BoundParameters.TryGetValue(name, out object? variable))
            {
                // "+name": adds to the variable.
                (found ??= [])[name] = "+" + ((string)variable).TrimStart('+');
            }
        }

        return found;
    }

    private static SteppablePipeline MakeGuarded(OutputGuard guard, OwnPipeline pipeline, object?[] arguments)
    {
        OwnWorkCommand.Next = guard;
        try
        {
            return Make(pipeline, arguments);
        }
        finally
        {
            OwnWorkCommand.Next = null;
        }
    }

    private static SteppablePipeline Make(OwnPipeline pipeline, object?[] arguments) =>
        EngineInternals.TryMakeSteppable(pipeline, arguments) ?? pipeline.Script.GetSteppablePipeline(CommandOrigin.Internal, arguments);

    /// <summary>Created on first use: parsing all of them takes half a millisecond.</summary>
    private static class Rare
    {
        /// <summary>Like <see cref="Exit"/>, but also adds the exit block's records to the variables of -WarningVariable and the like.</summary>
        public static readonly OwnPipeline CollectedExit = OwnPipeline.Create("param($b, $a, $s, $w, $v) . $w $b $a @v | & $s");

        /// <summary>
        /// Nobody takes the output. Errors go through the guard too, because the caller's error pipe may also refuse, and a refusal would
        /// end the exit block midway.
        /// </summary>
        /// <remarks>Arguments are used by position, because a variable for splatting would be left in the caller's scope.</remarks>
        public static ScriptBlock MergerFor(int arguments) => OwnScript.CreateWrapper(
            $". $args[0] {string.Join(' ', Enumerable.Range(1, arguments).Select(static number => $"$args[{number}]"))} 2>&1");

        public static readonly OwnPipeline UnheardExit = OwnPipeline.Create("param($b, $a, $s, $w) . $w $b @a | & $s");

        /// <summary>The names are long because they hide variables of the caller while the exit block runs.</summary>
        public static readonly ScriptBlock Collector = OwnScript.CreateWrapper(
            "[CmdletBinding()] param($GracefulExitBlock, $GracefulExitArguments) . $GracefulExitBlock @GracefulExitArguments");
    }
}
