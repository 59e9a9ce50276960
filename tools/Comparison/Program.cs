using GracefulExit.Tools.Comparison;

// Runs the same work in PowerShell and in its peers, ends it in the same ways, and writes what became of the clean-up into
// the tables of docs/comparison.md. What is not installed here has no values.
//
//     dotnet run --project tools/Comparison
if (args is ["dotnet", string situation])
{
    return DotnetPeer.Run(situation);
}

Page.Write(Peer.All.ToDictionary(peer => peer, peer => Situation.All.ToDictionary(way => way, way =>
{
    Outcome? outcome = peer.Measure(way);
    Console.WriteLine($"{peer.Title}, {way.Title}: {outcome?.ToString() ?? "–"}");
    return outcome;
})));
return 0;
