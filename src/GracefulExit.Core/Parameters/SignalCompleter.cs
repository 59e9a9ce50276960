using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GracefulExit.Parameters;

/// <summary>Completes <c>-Signal</c> with this platform's signals; the tooltip says what sends each.</summary>
internal sealed class SignalCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? string.Empty).Trim('\'', '"');
        return Signal.Allowed
            .Where(signal => signal.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                || signal.Name.AsSpan(3).StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(signal => new CompletionResult(
                signal.Name, signal.Name, CompletionResultType.ParameterValue, $"{signal.Number}: {signal.SentBy}"));
    }
}
