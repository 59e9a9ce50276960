using GracefulExit.Tests.Harness;
using GracefulExit.Tools.Recording;

// Plays examples/quickstart.ps1 in a real shell on a pseudo-terminal, ends it once by Ctrl+C and once by kill from a second
// terminal, and draws what both terminals showed, when they showed it:
//
//     dotnet run --project tools/Recording [-- pwsh]
//
// leaves docs/recording/exit.svg (animated; the last picture where nothing may move) and first-terminal.cast (asciicast v2).
// Process ids and the names of temporary files differ from take to take.
ShellUnderTest shell = ShellUnderTest.At(args.FirstOrDefault());

string directory = Path.Combine(Repository.Root, "docs", "recording");
Take take = Take.Play(shell);
Directory.CreateDirectory(directory);
File.WriteAllText(Path.Combine(directory, "exit.svg"), SvgAnimation.Draw(take));
File.WriteAllText(Path.Combine(directory, "first-terminal.cast"), Asciicast.Write(take.Panes[0], shell));
Console.WriteLine($"{directory}: {take.Length.TotalSeconds:0.0} s in {shell.Name}");
