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
        if (_existed)
        {
            _variables.Set(_name, _value);
            return;
        }

        try
        {
            _variables.Remove(_name);
        }
        catch (SessionStateException)
        {
            // In a compiled scope an automatic variable is a slot, which can be set to null but not removed.
            _variables.Set(_name, null);
        }
    }
}
