using System.Text;

namespace GracefulExit.Tests.Harness;

/// <summary>Turns what a Windows program writes into what it would have written on Unix.</summary>
/// <remarks>For one stream and one thread. Lines end with a line feed only. A message from Wine itself is removed.</remarks>
internal sealed class WindowsText
{
    // Whether the device of drive Z: may be read depends on the machine, and nothing here needs it.
    private const string WineMessage = "wine: Read access denied for device";

    // The beginning of a line, as long as it may become that message. If the text ends like this, without a line break, it is never passed on.
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
        if (_lineBegins && WineMessage.StartsWith(_held.ToString(), StringComparison.Ordinal))
        {
            _isDropping = _held.Length == WineMessage.Length;
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
}
