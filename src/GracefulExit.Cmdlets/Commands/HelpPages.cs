namespace GracefulExit.Commands;

/// <summary>Where <c>Get-Help -Online</c> leads: the pages that tools/New-CmdletPage.ps1 makes from the help.</summary>
internal static class HelpPages
{
    public const string Root = "https://github.com/gracefulexit/GracefulExit/blob/main/docs/cmdlets/";
}
