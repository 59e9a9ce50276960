using System.ComponentModel;
using GracefulExit.Tests.Torture;
using GracefulExit.Tests.Torture.Kills;

try
{
    var options = Options.Parse(args);
    return options.Campaign switch
    {
        CampaignKind.Queue => new QueueCampaign(options).Run(),
        CampaignKind.Kill => new KillCampaign(options).Run(),
        _ => new Campaign(options).Run(),
    };
}
catch (Exception e) when (e is FormatException or Win32Exception or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
