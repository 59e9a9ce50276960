namespace GracefulExit.Tests.Torture.Kills;

/// <summary>What can be wrong with a run of the kill campaign.</summary>
internal enum KillProblem
{
    /// <summary>A body began, and one of its exit blocks did not, and it is not the one that was just beginning at the kill and was reported.</summary>
    Lost,

    /// <summary>An exit block began or ended twice.</summary>
    Double,

    /// <summary>An exit block that the guard began did not come to its end.</summary>
    CutShort,

    /// <summary>An exit block that the kill cut short was not reported on standard error.</summary>
    NotTold,

    /// <summary>An outer exit block before an inner one, or a later one before an earlier one.</summary>
    WrongOrder,

    /// <summary>The exit block got another reason.</summary>
    WrongReason,

    /// <summary>More than a second between the moment when the owner was dead and the guard up, and the first exit block.</summary>
    Late,

    /// <summary>A process was left behind five seconds later.</summary>
    Leftover,

    /// <summary>The script did not get as far as planned, or ended otherwise.</summary>
    Broken,
}
