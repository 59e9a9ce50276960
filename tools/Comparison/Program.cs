using GracefulExit.Tests.Harness;
using GracefulExit.Tools.Comparison;

// Runs the same work in PowerShell and in its peers, ends it in the same ways, and writes what happened to the clean-up into
// the tables of docs/comparison.md. A peer that is not installed on this machine has no values.
//
//     dotnet run --project tools/Comparison
//
// writes all tables but that of Windows. For that one, under Wine:
//
//     dotnet build tests/Windows
//     GRACEFULEXIT_TARGET=windows dotnet run --project tools/Comparison
if (args is ["dotnet", string situation])
{
    return DotnetPeer.Run(situation);
}

if (WindowsTarget.IsChosen)
{
    Page.Write("windows", Peer.PowerShell, Situation.OnWindows);
    return 0;
}

Peer own = Peer.PowerShell.Single(peer => peer.Title == "`Use-ExitHandler`");
Page.Write("powershell", Peer.PowerShell, Situation.All);
Page.Write("others", [own, .. Peer.Others], Situation.All);
Page.Write("node", [own, .. Peer.FindNode()], Situation.All);
return 0;
