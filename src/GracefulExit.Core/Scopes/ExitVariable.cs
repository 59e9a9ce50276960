using System.Collections;
using System.Management.Automation;
using System.Text.RegularExpressions;
using GracefulExit.Engine;
using GracefulExit.Formatting;

namespace GracefulExit.Scopes;

/// <summary>The caller's variable for the exit context. As with <c>-ErrorVariable</c>, <c>+name</c> adds to the variable.</summary>
/// <remarks>Threads: the pipeline thread.</remarks>
internal sealed partial class ExitVariable
{
    private readonly PSVariableIntrinsics _variables;
    private readonly string _name;
    private readonly bool _adds;

    private ExitVariable(PSVariableIntrinsics variables, string name, bool adds)
    {
        _variables = variables;
        _name = name;
        _adds = adds;
    }

    /// <summary>Checks the name before anything runs.</summary>
    /// <exception cref="ArgumentException">It is not a valid name, or the variable cannot be written to.</exception>
    public static ExitVariable? Parse(string? text, PSVariableIntrinsics variables)
    {
        if (text is null)
        {
            return null;
        }

        if (!Names().IsMatch(text))
        {
            throw new ArgumentException(Messages.ExitVariableInvalid(text));
        }

        string name = text.TrimStart('+');
        return variables.Get(name) is { } found && (found.Options & (ScopedItemOptions.ReadOnly | ScopedItemOptions.Constant)) != ScopedItemOptions.None
            ? throw new ArgumentException(Messages.ExitVariableReadOnly(name))
            : new ExitVariable(variables, name, text[0] == '+');
    }

    /// <summary>Sets the variable to the context. If that fails, the body's own error or exit must not be lost.</summary>
    public void Set(ExitContext context, CallerSession caller)
    {
        try
        {
            object value = ExitContextView.Attach(context);
            if (_adds)
            {
                ArrayList all = ItemsOf(_variables.GetValue(_name));
                all.Add(value);
                value = all;
            }

            _variables.Set(_name, value);
        }
        catch (Exception exception) when (exception is SessionStateException or RuntimeException)
        {
            caller.ReportError(Messages.ExitVariableNotSet(_name, exception.Message));
        }

        static ArrayList ItemsOf(object? before) => before switch
        {
            null => [],
            ArrayList list => new ArrayList(list),
            object[] array => new ArrayList(array),
            _ => new ArrayList { before },
        };
    }

    [GeneratedRegex(@"^\+?((global|script|local|private):)?[\p{L}\p{N}_]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
