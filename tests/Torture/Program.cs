using System.ComponentModel;
using GracefulExit.Tests.Torture;

try
{
    var options = Options.Parse(args);
    return options.IsQueue ? new QueueCampaign(options).Run() : new Campaign(options).Run();
}
catch (Exception e) when (e is FormatException or Win32Exception or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
