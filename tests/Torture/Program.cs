using System.ComponentModel;
using GracefulExit.Tests.Torture;

try
{
    return new Campaign(Options.Parse(args)).Run();
}
catch (Exception e) when (e is FormatException or Win32Exception or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
