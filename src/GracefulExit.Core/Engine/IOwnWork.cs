using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>What an <see cref="OwnWorkCommand"/> does.</summary>
internal interface IOwnWork
{
    /// <summary>Takes an object from the command before. Pipeline thread.</summary>
    void Process(PSCmdlet command, PSObject? input);

    /// <summary>There are no more objects. Pipeline thread.</summary>
    void End(PSCmdlet command);

    /// <summary>The command's pipeline has been told to stop. Called by the stopping thread.</summary>
    void OnStop();
}
