using System.Management.Automation;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Parameters;
using GracefulExit.Scopes;
using GracefulExit.Supervision;

namespace GracefulExit.Commands;

/// <summary>
/// <para type="synopsis">Runs a short part of a body that no stop cuts.</para>
/// </summary>
/// <remarks>
/// Outside a body it runs the block and nothing else; in a body that has been told to stop it does not begin. A shield within a shield is a part of it (row G7). Threads: the
/// pipeline thread; the stopping thread calls <see cref="StopProcessing"/>.
/// </remarks>
[Cmdlet(VerbsOther.Use, "ExitShield", HelpUri = HelpPages.Root + "Use-ExitShield.md")]
[OutputType(typeof(object))]
public sealed class UseExitShieldCommand : PSCmdlet
{
    private readonly Latch _stopping = new();

    /// <summary>Gets or sets the script block, which runs in the caller's scope.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateScriptBlock]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Gets or sets how many seconds a stop is held back at most.</summary>
    [Parameter]
    [Seconds]
    public double TimeoutSeconds { get; set; } = 5;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Scope? scope = CurrentScope.Find(ExitRuntime.Current) is { State.IsClaimed: false } found ? found : null;
        using SteppablePipeline pipeline = UserPipelines.ForBody(ScriptBlock, []);
        bool isUnwinding = false;
        if (scope?.TryBeginShield(TimeSpan.FromSeconds(TimeoutSeconds), out isUnwinding) == false)
        {
            throw new PipelineStoppedException();
        }

        if (isUnwinding)
        {
            scope = null;
        }

        try
        {
            pipeline.Begin(this);
            pipeline.Process();
            pipeline.End();
        }
        finally
        {
            _ = scope?.Apply(ScopeEventKind.ShieldEnded);
        }

        if (scope?.State is { MayGoOn: false })
        {
            // The stop that was held back is on its way: the body gets no further statement.
            _ = _stopping.Wait(scope.Options.StopTimeout);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Set();
}
