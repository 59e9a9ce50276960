using System.Management.Automation;
using System.Management.Automation.Host;

namespace GracefulExit.Engine;

/// <summary>The caller's session as the cmdlet sees it: where variables and functions are looked up, and where output goes.</summary>
/// <param name="SessionState">The caller's variables, functions and modules.</param>
/// <param name="Host">The caller's host.</param>
internal sealed record CallerSession(SessionState SessionState, PSHost Host)
{
    /// <summary>Writes a warning at once, from any thread: the pipeline could write it only between two statements.</summary>
    public void Warn(string message)
    {
        try
        {
            Host.UI?.WriteWarningLine(message);
        }
        catch (Exception)
        {
            // The terminal is gone, or the host takes no output. There is nobody to warn.
        }
    }

    /// <summary>Prints an error from any thread, when there is no pipeline to write it to.</summary>
    public void ReportError(string message)
    {
        try
        {
            Host.UI?.WriteErrorLine(message);
        }
        catch (Exception)
        {
            // As above.
        }
    }
}
