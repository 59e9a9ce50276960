using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Engine;

namespace GracefulExit.Unit.Engine;

/// <summary>A pipeline that is made of the engine's parts runs like the one that the engine makes by itself.</summary>
public sealed class SteppablePipelineTests
{
    private const string Block = """
        param($first, $second)
        "$first $second; $($args -join ','); $($MyInvocation.InvocationName); $($MyInvocation.CommandOrigin); $($MyInvocation.ExpectingInput)"
        Write-Error 'wrong' -ErrorAction Continue
        Write-Warning 'careful'
        $script:set = 'by the block'
        'end'
        """;

    [Theory]
    [InlineData("param($b, $a) . $b @a")]
    [InlineData("param($b, $a) & $b @a")]
    [InlineData("param($b, $a, $n) . $b @a | & $n")]
    [InlineData("param($b, $a, $n, $w) . $w $b @a | & $n")]
    public void Both_run_alike(string text)
    {
        OwnPipeline pipeline = OwnPipeline.Create(text);
        string byEngine = Run(pipeline, static (own, arguments) => own.Script.GetSteppablePipeline(CommandOrigin.Internal, arguments));
        string ours = Run(pipeline, EngineInternals.TryMakeSteppable);
        Assert.Contains("1 2; 3", byEngine, StringComparison.Ordinal);
        Assert.Equal(byEngine, ours);
    }

    [Fact]
    public void A_command_of_our_own_is_not_the_user_s_whoever_calls()
    {
        OwnPipeline pipeline = OwnPipeline.Create("param($b, $a, $n) . $b @a | & $n");
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        runspace.SessionStateProxy.SetVariable("make", (Func<ScriptBlock, SteppablePipeline?>)(block =>
            EngineInternals.TryMakeSteppable(pipeline, [block, Array.Empty<object>(), new CmdletInfo("Get-OwnOrigin", typeof(GetOwnOriginCommand))])));
        using PowerShell powerShell = PowerShell.Create();
        powerShell.Runspace = runspace;
        powerShell.AddScript("$made = $make.Invoke({ 1 }); $null = $made.Begin($false); $made.Process(); $made.End()");
        Assert.Equal(CommandOrigin.Internal, Assert.Single(powerShell.Invoke()).BaseObject);
    }

    private static string Run(OwnPipeline pipeline, Func<OwnPipeline, object?[], SteppablePipeline?> make)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using PowerShell powerShell = PowerShell.Create();
        powerShell.Runspace = runspace;
        runspace.SessionStateProxy.SetVariable("make", (Func<ScriptBlock, ScriptBlock, ScriptBlock, SteppablePipeline?>)((block, next, wrapper) =>
            make(pipeline, [block, new object?[] { 1, 2, 3 }, next, wrapper])));
        powerShell.AddScript($$"""
            function test {
                [CmdletBinding()]
                param([scriptblock] $block)
                $steppable = $make.Invoke($block, { process { "next: $_" } }, { param($b) . $b @args 2>&1 })
                $steppable.Begin($PSCmdlet)
                $steppable.Process()
                $steppable.End()
                "set: $set"
            }
            test { {{Block}} } 3>&1
            """);
        string output = string.Join("\n", powerShell.Invoke().Select(static item => $"{item}"));
        return output + "\nerrors: " + string.Join("\n", powerShell.Streams.Error);
    }

    [Cmdlet(VerbsCommon.Get, "OwnOrigin")]
    private sealed class GetOwnOriginCommand : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)]
        public object? InputObject { get; set; }

        protected override void EndProcessing() => WriteObject(CommandOrigin);
    }
}
