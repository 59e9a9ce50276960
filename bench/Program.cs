using System.ComponentModel;
using System.Globalization;
using GracefulExit.Bench;

// Numbers in tables and JSON are the same on every machine.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
try
{
    return new Benchmark(Options.Parse(args)).Run();
}
catch (Exception e) when (e is FormatException or Win32Exception or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    if (e is FormatException)
    {
        Console.Error.WriteLine(Options.Usage);
    }

    return 2;
}
