using System.Collections.ObjectModel;
using System.Management.Automation.Runspaces;
using System.Text;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>What the command line asks for; read with pwsh's rules for names, abbreviations and script arguments.</summary>
internal sealed class CommandLine
{
    /// <summary>The status of pwsh for a command line that it can't use.</summary>
    public const int BadCommandLine = 64;

    private CommandLine()
    {
    }

    /// <summary>Full path of the script to run.</summary>
    public string? File { get; private set; }

    /// <summary>Text to run.</summary>
    public string? Command { get; private set; }

    /// <summary>Arguments of <see cref="File"/> or <see cref="Command"/>, bound as pwsh binds them.</summary>
    public Collection<CommandParameter> Arguments { get; } = [];

    /// <summary>Reading from the user fails instead of waiting.</summary>
    public bool NonInteractive { get; private set; }

    /// <summary>A prompt follows the script or command; also the case when there is neither.</summary>
    public bool NoExit { get; private set; } = true;

    /// <summary>No banner at the first prompt.</summary>
    public bool NoLogo { get; private set; }

    /// <summary>Commands come from standard input, even on a terminal.</summary>
    public bool CommandsFromInput { get; private set; }

    /// <summary>Commands from standard input are read without writing a prompt (<c>-Command -</c>).</summary>
    public bool NoPrompt { get; private set; }

    /// <summary>The process is one end of a background job of another shell.</summary>
    public bool ServerMode { get; private set; }

    /// <summary>Where to start.</summary>
    public string? WorkingDirectory { get; private set; }

    /// <summary>Only the version is wanted.</summary>
    public bool ShowVersion { get; private set; }

    /// <summary>Why the command line can't be used.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads a command line.</summary>
    public static CommandLine Parse(string[] args)
    {
        var result = new CommandLine();
        result.Read(args);
        return result;
    }

    private void Read(string[] args)
    {
        var noExitSeen = false;
        for (var i = 0; i < args.Length && Error is null; i++)
        {
            var word = args[i].Trim();
            if (word.Length == 0)
            {
                continue;
            }

            if (word[0] is not ('-' or '/'))
            {
                ReadFile(args, i, noExitSeen);
                return;
            }

            var name = word[1..];
            if (word[0] == '-' && name.StartsWith('-'))
            {
                name = name[1..];
            }

            if (Matches(name, "version", 1))
            {
                ShowVersion = true;
                return;
            }

            if (Matches(name, "noexit", 3))
            {
                NoExit = noExitSeen = true;
            }
            else if (Matches(name, "noprofile", 3) || Matches(name, "interactive", 1) || Matches(name, "login", 1) || Matches(name, "noprofileloadtime", 17))
            {
                // There are no profiles here, and a prompt appears when there is nothing else to do.
            }
            else if (Matches(name, "nologo", 3))
            {
                NoLogo = true;
            }
            else if (Matches(name, "noninteractive", 4))
            {
                NonInteractive = true;
            }
            else if (Matches(name, "servermode", 1))
            {
                ServerMode = true;
            }
            else if (Matches(name, "commandwithargs", 15) || Matches(name, "cwa", 3))
            {
                if (!ReadCommand(args, ref i, noExitSeen, encoded: false, withArguments: true))
                {
                    return;
                }

                ReadArguments(args, i + 1);
                return;
            }
            else if (Matches(name, "command", 1))
            {
                ReadCommand(args, ref i, noExitSeen, encoded: false, withArguments: false);
                return;
            }
            else if (Matches(name, "encodedcommand", 1) || Matches(name, "ec", 1))
            {
                ReadCommand(args, ref i, noExitSeen, encoded: true, withArguments: false);
            }
            else if (Matches(name, "file", 1))
            {
                ReadFile(args, i + 1, noExitSeen);
                return;
            }
            else if (Matches(name, "executionpolicy", 2) || Matches(name, "ep", 2)
                || Matches(name, "outputformat", 1) || Matches(name, "of", 2)
                || Matches(name, "inputformat", 3) || Matches(name, "if", 2)
                || Matches(name, "settingsfile", 8) || Matches(name, "custompipename", 3))
            {
                // Means nothing here, and takes a value.
                i++;
            }
            else if (Matches(name, "workingdirectory", 2) || Matches(name, "wd", 2))
            {
                if (++i >= args.Length)
                {
                    Error = "Cannot process the command because -WorkingDirectory requires an argument that is a directory path.";
                    return;
                }

                WorkingDirectory = args[i];
            }
            else
            {
                ReadFile(args, i, noExitSeen);
                return;
            }
        }
    }

    private static bool Matches(string name, string full, int shortest)
        => name.Length >= shortest && full.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private bool ReadCommand(string[] args, ref int i, bool noExitSeen, bool encoded, bool withArguments)
    {
        if (Command is not null)
        {
            Error = "Cannot process command because a command is already specified with -Command, -CommandWithArgs, or -EncodedCommand.";
            return false;
        }

        if (++i >= args.Length)
        {
            Error = "Cannot process the command because of a missing parameter. A command must follow -Command.";
            return false;
        }

        if (encoded)
        {
            try
            {
                Command = Encoding.Unicode.GetString(Convert.FromBase64String(args[i]));
            }
            catch (FormatException)
            {
                Error = "Cannot process the command because the value specified with -EncodedCommand is not properly encoded. The value must be Base64 encoded.";
                return false;
            }
        }
        else if (args[i] == "-")
        {
            CommandsFromInput = NoPrompt = true;
            if (i + 1 < args.Length)
            {
                Error = "'-' was specified with the -Command parameter; no other arguments to -Command are permitted.";
                return false;
            }

            if (!Console.IsInputRedirected)
            {
                Error = "'-' was specified as the argument to -Command but standard input has not been redirected for this process.";
                return false;
            }
        }
        else
        {
            Command = withArguments ? args[i] : string.Join(' ', args[i..]);
        }

        if (!noExitSeen && !CommandsFromInput)
        {
            NoExit = false;
        }

        NoLogo = true;
        return true;
    }

    private void ReadFile(string[] args, int i, bool noExitSeen)
    {
        if (i >= args.Length)
        {
            Error = "The command cannot be run because the File parameter requires a file path. Supply a path for the File parameter and then try the command again.";
            return;
        }

        NoLogo |= !noExitSeen;
        if (args[i] == "-")
        {
            CommandsFromInput = true;
            return;
        }

        NoExit &= noExitSeen;
        File = Path.GetFullPath(args[i].Replace('\\', Path.DirectorySeparatorChar));
        if (!System.IO.File.Exists(File))
        {
            Error = $"The argument '{args[i]}' is not recognized as the name of a script file. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.";
            return;
        }

        ReadArguments(args, i + 1);
    }

    // "-name value" becomes a parameter and a loose value (the binder joins them), "-name:value" one parameter.
    private void ReadArguments(string[] args, int i)
    {
        string? pending = null;
        for (; i < args.Length; i++)
        {
            var word = args[i];
            if (pending is not null)
            {
                Arguments.Add(new CommandParameter(pending, word));
                pending = null;
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                var colon = word.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0)
                {
                    Arguments.Add(new CommandParameter(word));
                }
                else if (colon == word.Length - 1)
                {
                    pending = word.TrimEnd(':');
                }
                else
                {
                    Arguments.Add(new CommandParameter(word[..colon], ToBooleanIfPossible(word[(colon + 1)..])));
                }
            }
            else
            {
                Arguments.Add(new CommandParameter(null, word));
            }
        }
    }

    private static object ToBooleanIfPossible(string value)
        => bool.TryParse(value.StartsWith('$') ? value[1..] : value, out var boolean) ? boolean : value;
}
