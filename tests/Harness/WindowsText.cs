using System.Text;

namespace GracefulExit.Tests.Harness;

/// <summary>Turns what a Windows program writes into what it would have written on Unix.</summary>
/// <remarks>For one stream and one thread. Lines end with a line feed only. Messages from Wine itself are removed.</remarks>
internal sealed class WindowsText
{
    private static readonly string[] WineMessages =
    [
        // Whether the device of drive Z: may be read depends on the machine, and nothing here needs it.
        "wine: Read access denied for device",

        // The end of a process closes the connection to Wine's server while other threads may still use it (Wine 8.0, ntdll,
        // process_exit_wrapper): "sendmsg: Bad file descriptor". If it is anything worse, the status tells.
        "wine client error:",
    ];

    // The beginning of a line, as long as it may become such a message. If the text ends like this, without a line break, it is never passed on.
    private readonly StringBuilder _held = new();
    private readonly StringBuilder _passed = new();
    private bool _lineBegins = true;
    private bool _isDropping;
    private bool _returned;

    /// <summary>Takes a piece of text and returns as much as can already be passed on.</summary>
    public string Filter(string text)
    {
        _passed.Clear();
        foreach (char character in text)
        {
            if (_returned && character != '\n')
            {
                Take('\r');
            }

            _returned = character == '\r';
            if (!_returned)
            {
                Take(character);
            }
        }

        return _passed.ToString();
    }

    private void Take(char character)
    {
        if (_isDropping)
        {
            _isDropping = character != '\n';
            _lineBegins = !_isDropping;
            return;
        }

        _held.Append(character);
        if (_lineBegins && FindMessage(_held.ToString()) is { } message)
        {
            _isDropping = _held.Length == message.Length;
            if (_isDropping)
            {
                _held.Clear();
            }

            return;
        }

        _passed.Append(_held);
        _held.Clear();
        _lineBegins = character == '\n';
    }

    private static string? FindMessage(string beginning) =>
        Array.Find(WineMessages, message => message.StartsWith(beginning, StringComparison.Ordinal));
}
