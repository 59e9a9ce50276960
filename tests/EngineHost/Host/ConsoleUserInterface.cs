using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>
/// Reading from and writing to the console as pwsh does: everything but errors goes to standard output, escape
/// sequences are dropped where the output is not a terminal, and a line is read from the terminal key by key.
/// </summary>
internal sealed class ConsoleUserInterface : PSHostUserInterface
{
    private readonly Lock _lock = new();
    private readonly ConsoleRawUserInterface _raw = new();
    private readonly CommandLine _options;

    public ConsoleUserInterface(CommandLine options)
    {
        _options = options;
        ReadsInputAsFile = options.CommandsFromInput || Console.IsInputRedirected;
        SupportsVirtualTerminal = Environment.GetEnvironmentVariable("TERM") != "dumb";
        if (Environment.GetEnvironmentVariable("TERM") is "xterm-mono" or "xtermm"
            || Environment.GetEnvironmentVariable("NO_COLOR") is not null)
        {
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        }
    }

    /// <summary>Lines come from standard input instead of the terminal's keys.</summary>
    public bool ReadsInputAsFile { get; set; }

    /// <summary>A prompt loop runs; then errors go where the user looks.</summary>
    public bool IsPrompting { get; set; }

    /// <inheritdoc/>
    public override PSHostRawUserInterface RawUI => _raw;

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal { get; }

    /// <inheritdoc/>
    public override void Write(string value) => WriteOut(value, newLine: false);

    /// <inheritdoc/>
    public override void WriteLine(string value) => WriteOut(value, newLine: true);

    /// <inheritdoc/>
    public override void WriteLine() => WriteOut(Environment.NewLine, newLine: false);

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        => WriteColored(foregroundColor, backgroundColor, value, newLine: false);

    /// <inheritdoc/>
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        => WriteColored(foregroundColor, backgroundColor, value, newLine: true);

    /// <inheritdoc/>
    public override void WriteDebugLine(string message) => WriteStyled(FormatStyle.Debug, "DEBUG: " + message);

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message) => WriteStyled(FormatStyle.Verbose, "VERBOSE: " + message);

    /// <inheritdoc/>
    public override void WriteWarningLine(string message) => WriteStyled(FormatStyle.Warning, "WARNING: " + message);

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        // There is no progress bar: pwsh has none either when its output is not a terminal.
    }

    /// <inheritdoc/>
    public override void WriteErrorLine(string value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (!Console.IsErrorRedirected || (IsPrompting && !ReadsInputAsFile))
        {
            WriteLine(value);
        }
        else
        {
            Console.Error.WriteLine(GetOutputString(value, SupportsVirtualTerminal));
        }
    }

    /// <inheritdoc/>
    public override string ReadLine()
    {
        FailIfNonInteractive();
        return ReadLine(calledFromPipeline: true)!;
    }

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString()
    {
        FailIfNonInteractive();
        var result = new SecureString();
        foreach (var character in ReadsInputAsFile ? ReadFileLine() ?? string.Empty : LineEditor.Read(calledFromPipeline: true, mask: '*') ?? string.Empty)
        {
            result.AppendChar(character);
        }

        return result;
    }

    /// <summary>Reads a line; null at the end of the input and after Ctrl+C.</summary>
    /// <param name="calledFromPipeline">Ctrl+C is to stop the pipeline that reads.</param>
    public string? ReadLine(bool calledFromPipeline)
        => ReadsInputAsFile ? ReadFileLine() : LineEditor.Read(calledFromPipeline, mask: null);

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        FailIfNonInteractive();
        WriteCaption(caption, message);
        if (descriptions.Any(field => !string.IsNullOrEmpty(field.HelpMessage)))
        {
            Console.Out.WriteLine("(Type !? for Help.)");
        }

        var results = new Dictionary<string, PSObject>();
        foreach (var field in descriptions)
        {
            var type = Type.GetType(field.ParameterAssemblyFullName) ?? typeof(string);
            var value = typeof(IList).IsAssignableFrom(type) ? PromptForList(field, type) : PromptForValue(field.Name + ": ", field, type);
            if (value is null)
            {
                Console.Out.WriteLine();
                results.Clear();
                break;
            }

            results.Add(field.Name, PSObject.AsPSObject(value));
        }

        return results;
    }

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        FailIfNonInteractive();
        WriteCaption(caption, message);
        var keys = choices.Select(HotKey).ToArray();
        while (true)
        {
            WriteWrapped([
                .. choices.Select((choice, i) => $"[{keys[i]}] {PlainLabel(choice)}  "),
                "[?] Help ",
                defaultChoice >= 0 ? $"(default is \"{keys[defaultChoice]}\"): " : string.Empty]);
            var answer = ReadLine(calledFromPipeline: true)
                ?? throw new PSInvalidOperationException("The prompt was canceled.");
            answer = answer.Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            for (var i = 0; i < choices.Count; i++)
            {
                if (answer == "?")
                {
                    Console.Out.WriteLine($"{keys[i]} - {choices[i].HelpMessage}");
                }
                else if (answer.Equals(keys[i], StringComparison.OrdinalIgnoreCase)
                    || answer.Equals(PlainLabel(choices[i]), StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
    {
        FailIfNonInteractive();
        WriteCaption(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Console.Out.Write("User: ");
            userName = ReadLine();
        }

        Console.Out.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
        => PromptForCredential(caption, message, userName, targetName);

    private void WriteOut(string? value, bool newLine)
    {
        if (string.IsNullOrEmpty(value) && !newLine)
        {
            return;
        }

        value = GetOutputString(value ?? string.Empty, SupportsVirtualTerminal);
        lock (_lock)
        {
            if (newLine)
            {
                Console.Out.WriteLine(value);
            }
            else
            {
                Console.Out.Write(value);
            }
        }
    }

    private void WriteColored(ConsoleColor foreground, ConsoleColor background, string value, bool newLine)
    {
        lock (_lock)
        {
            var (oldForeground, oldBackground) = (_raw.ForegroundColor, _raw.BackgroundColor);
            (_raw.ForegroundColor, _raw.BackgroundColor) = (foreground, background);
            try
            {
                WriteOut(value, newLine);
            }
            finally
            {
                (_raw.ForegroundColor, _raw.BackgroundColor) = (oldForeground, oldBackground);
            }
        }
    }

    private void WriteStyled(FormatStyle style, string text)
        => WriteLine(GetFormatStyleString(style) + text + (SupportsVirtualTerminal ? PSStyle.Instance.Reset : string.Empty));

    private static void WriteCaption(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption))
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(caption);
        }

        if (!string.IsNullOrEmpty(message))
        {
            Console.Out.WriteLine(message);
        }
    }

    private void WriteWrapped(string[] parts)
    {
        var used = 0;
        foreach (var part in parts)
        {
            var wraps = used + part.Length > _raw.WindowSize.Width - 1;
            if (wraps)
            {
                Console.Out.WriteLine();
            }

            used = wraps ? part.Length : used + part.Length;
            Console.Out.Write(wraps ? part.TrimEnd() : part);
        }
    }

    private static string PlainLabel(ChoiceDescription choice) => choice.Label.Replace("&", string.Empty, StringComparison.Ordinal);

    private static string HotKey(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label.Substring(mark + 1, 1).ToUpperInvariant() : PlainLabel(choice);
    }

    private void FailIfNonInteractive()
    {
        if (_options.NonInteractive)
        {
            throw new PSInvalidOperationException("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
        }
    }

    private object? PromptForList(FieldDescription field, Type type)
    {
        var element = type.IsArray ? type.GetElementType()! : typeof(object);
        var items = new ArrayList();
        while (true)
        {
            var item = PromptForValue($"{field.Name}[{items.Count}]: ", field, element);
            if (item is null)
            {
                return null;
            }

            if (item is string { Length: 0 })
            {
                return LanguagePrimitives.TryConvertTo(items, type, out var converted) ? converted : items;
            }

            items.Add(item);
        }
    }

    private object? PromptForValue(string prompt, FieldDescription field, Type type)
    {
        while (true)
        {
            Console.Out.Write(prompt);
            if (type == typeof(SecureString))
            {
                return ReadLineAsSecureString();
            }

            var line = ReadLine();
            if (line is null)
            {
                return null;
            }

            if (line.StartsWith("!?", StringComparison.Ordinal) && !string.IsNullOrEmpty(field.Label))
            {
                Console.Out.WriteLine(string.IsNullOrEmpty(field.HelpMessage) ? $"No help is available for {field.Name}." : field.HelpMessage);
                continue;
            }

            if (line.Length == 0 || LanguagePrimitives.TryConvertTo(line, type, out _))
            {
                return line;
            }

            Console.Out.WriteLine($"Cannot recognize \"{line}\" as a {type.FullName} due to a format error.");
        }
    }

    // Character by character, because what stands after the line end belongs to whoever reads next.
    private string? ReadFileLine()
    {
        var line = new System.Text.StringBuilder();
        while (true)
        {
            var next = Console.In.Read();
            if (next < 0)
            {
                return line.Length == 0 ? null : line.ToString();
            }

            var character = (char)next;
            Echo(character);
            switch (character)
            {
                case '\r':
                    if (Console.In.Peek() == '\n')
                    {
                        Echo('\n');
                        Console.In.Read();
                    }

                    return line.ToString();
                case '\n':
                    return line.ToString();
                case '\b' when !_options.NoPrompt && line.Length > 0:
                    line.Length--;
                    break;
                default:
                    line.Append(character);
                    break;
            }
        }
    }

    private void Echo(char character)
    {
        if (!_options.NoPrompt)
        {
            Console.Out.Write(character);
        }
    }
}
