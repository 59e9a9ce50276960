using System.Management.Automation;

namespace GracefulExit.Formatting;

/// <summary>What of an exit context is shown by default: what it tells, without the means to wait for it.</summary>
internal static class ExitContextView
{
    private static readonly string[] Shown =
    [
        nameof(ExitContext.Reason), nameof(ExitContext.Signal), nameof(ExitContext.ExitCode), nameof(ExitContext.ErrorRecord),
        nameof(ExitContext.StartedAt), nameof(ExitContext.RequestedAt), nameof(ExitContext.IsRescue),
    ];

    /// <summary>Attaches it to one context; a format file would be paid for by every import (<see cref="FormatFile"/>).</summary>
    public static PSObject Attach(ExitContext context)
    {
        PSObject shown = PSObject.AsPSObject(context);
        shown.Members.Add(new PSMemberSet("PSStandardMembers", [new PSPropertySet("DefaultDisplayPropertySet", Shown)]));
        return shown;
    }
}
