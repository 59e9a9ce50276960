using System.Management.Automation;

namespace GracefulExit.Engine;

/// <summary>Gives a variable in the caller's scope another value for a while.</summary>
internal sealed class CallerVariable
{
    private readonly PSVariableIntrinsics _variables;
    private readonly string _name;
    private readonly bool _existed;
    private readonly object? _value;

    public CallerVariable(PSVariableIntrinsics variables, string name)
    {
        _variables = variables;
        _name = name;
        PSVariable? variable = variables.Get(name);
        _existed = variable is not null;
        _value = variable?.Value;
    }

    public void Set(object? value) => _variables.Set(_name, value);

    /// <summary>Restores the value.</summary>
    public void Restore()
    {
        try
        {
            if (_existed)
            {
                _variables.Set(_name, _value);
            }
            else if (IsSlot)
            {
                _variables.Set(_name, null);
            }
            else
            {
                _variables.Remove(_name);
            }
        }
        catch (SessionStateException)
        {
            // The script has made it read-only or constant: it stays what the script made of it.
        }
    }

    /// <summary>
    /// Gets a value indicating whether the variable is a slot of a compiled scope, as automatic ones are there: a slot can be set to null but
    /// not removed. The engine's type for it is not public. Its exception would say the same, but takes some milliseconds.
    /// </summary>
    private bool IsSlot => _variables.Get(_name) is { } variable && variable.GetType() != typeof(PSVariable);
}
