using System.Management.Automation;
using GracefulExit.Tests.EngineHost.Host;

namespace Microsoft.PowerShell.Commands;

/// <summary>A cmdlet over variables of a scope.</summary>
public abstract class VariableCommandBase : PSCmdlet
{
    [Parameter]
    public string? Scope { get; set; }

    /// <summary>The variables whose names match a pattern.</summary>
    protected List<PSVariable> Find(string pattern)
    {
        // Scopes are the engine's own business; its table knows what the cmdlet's caller sees.
        var state = EngineInternals.Get(SessionState, "Internal")!;
        var table = (System.Collections.IDictionary)(Scope is null
            ? EngineInternals.Call(state, "GetVariableTable")
            : EngineInternals.Call(state, "GetVariableTableAtScope", Scope))!;
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase);
        return [.. table.Values.Cast<PSVariable>().Where(variable => wildcard.IsMatch(variable.Name)).OrderBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The variable of a name that is not a pattern.</summary>
    protected PSVariable? FindExact(string name)
    {
        if (Scope is null || name.Contains(':', StringComparison.Ordinal))
        {
            return SessionState.PSVariable.Get(name);
        }

        return (PSVariable?)EngineInternals.Call(EngineInternals.Get(SessionState, "Internal")!, "GetVariableAtScope", name, Scope);
    }

    /// <summary>Makes or replaces a variable.</summary>
    protected void Put(PSVariable variable, bool force)
    {
        var state = EngineInternals.Get(SessionState, "Internal")!;
        var origin = MyInvocation.CommandOrigin;
        if (Scope is null)
        {
            EngineInternals.Call(state, "SetVariable", variable, force, origin);
        }
        else
        {
            EngineInternals.Call(state, "SetVariableAtScope", variable, Scope, force, origin);
        }
    }

    /// <summary>Reports that there is no such variable.</summary>
    protected void WriteNotFound(string name)
        => WriteError(new ErrorRecord(new ItemNotFoundException($"Cannot find a variable with the name '{name}'."), "VariableNotFound", ErrorCategory.ObjectNotFound, name));
}

/// <summary>Get-Variable.</summary>
[Cmdlet(VerbsCommon.Get, "Variable")]
public sealed class GetVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter ValueOnly { get; set; }

    [Parameter]
    public string[] Include { get; set; } = [];

    [Parameter]
    public string[] Exclude { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                foreach (var variable in Find(name).Where(IsWanted))
                {
                    WriteVariable(variable);
                }
            }
            else if (FindExact(name) is { } variable)
            {
                WriteVariable(variable);
            }
            else
            {
                WriteNotFound(name);
            }
        }
    }

    private static bool IsMatch(string pattern, string name) => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(name);

    private bool IsWanted(PSVariable variable)
        => (Include.Length == 0 || Include.Any(pattern => IsMatch(pattern, variable.Name)))
            && !Exclude.Any(pattern => IsMatch(pattern, variable.Name));

    private void WriteVariable(PSVariable variable) => WriteObject(ValueOnly ? variable.Value : variable);
}

/// <summary>Set-Variable.</summary>
[Cmdlet(VerbsCommon.Set, "Variable", SupportsShouldProcess = true)]
public sealed class SetVariableCommand : VariableCommandBase
{
    private readonly List<object?> _values = [];
    private bool _fromPipeline;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    public ScopedItemOptions? Option { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void BeginProcessing() => _fromPipeline = !MyInvocation.BoundParameters.ContainsKey(nameof(Value)) && MyInvocation.ExpectingInput;

    protected override void ProcessRecord()
    {
        if (_fromPipeline)
        {
            _values.Add(Value);
        }
    }

    protected override void EndProcessing()
    {
        var value = !_fromPipeline ? Value : _values.Count switch
        {
            0 => null,
            1 => _values[0],
            _ => _values.ToArray(),
        };
        foreach (var name in Name)
        {
            var colon = name.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && Scope is null)
            {
                Scope = name[..colon];
            }

            var bare = name[(colon + 1)..];
            try
            {
                var variable = FindExact(bare);

                // Without -Scope the variable belongs to the current scope, like an assignment's.
                if (variable is null || (Scope is null && !IsLocal(bare)))
                {
                    variable = new PSVariable(bare, value, Option ?? ScopedItemOptions.None);
                    if (Description is not null)
                    {
                        variable.Description = Description;
                    }

                    Put(variable, Force);
                }
                else
                {
                    if (Force && (variable.Options & ScopedItemOptions.ReadOnly) != 0)
                    {
                        variable.Options &= ~ScopedItemOptions.ReadOnly;
                    }

                    variable.Value = value;
                    variable.Options = Option ?? variable.Options;
                    variable.Description = Description ?? variable.Description;
                }

                if (PassThru)
                {
                    WriteObject(FindExact(bare));
                }
            }
            catch (SessionStateException exception)
            {
                this.WriteProviderError(exception);
            }
        }
    }

    private bool IsLocal(string name)
        => EngineInternals.Call(EngineInternals.Get(SessionState, "Internal")!, "GetVariableAtScope", name, "local") is not null;
}

/// <summary>New-Variable.</summary>
[Cmdlet(VerbsCommon.New, "Variable", SupportsShouldProcess = true)]
public sealed class NewVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    public ScopedItemOptions Option { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        try
        {
            if (!Force && EngineInternals.Call(EngineInternals.Get(SessionState, "Internal")!, "GetVariableAtScope", Name, Scope ?? "local") is not null)
            {
                var exception = new SessionStateException($"A variable with name '{Name}' already exists.");
                WriteError(new ErrorRecord(exception, "VariableAlreadyExists", ErrorCategory.ResourceExists, Name));
                return;
            }

            var variable = new PSVariable(Name, Value, Option);
            if (Description is not null)
            {
                variable.Description = Description;
            }

            Put(variable, Force);
            if (PassThru)
            {
                WriteObject(variable);
            }
        }
        catch (SessionStateException exception)
        {
            this.WriteProviderError(exception);
        }
    }
}

/// <summary>Remove-Variable.</summary>
[Cmdlet(VerbsCommon.Remove, "Variable", SupportsShouldProcess = true)]
public sealed class RemoveVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var found = WildcardPattern.ContainsWildcardCharacters(name) ? Find(name) : FindExact(name) is { } variable ? [variable] : [];
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteNotFound(name);
            }

            foreach (var one in found)
            {
                try
                {
                    var state = EngineInternals.Get(SessionState, "Internal")!;
                    if (Scope is null)
                    {
                        EngineInternals.Call(state, "RemoveVariable", one, Force.IsPresent);
                    }
                    else
                    {
                        EngineInternals.Call(state, "RemoveVariableAtScope", one, Scope, Force.IsPresent);
                    }
                }
                catch (SessionStateException exception)
                {
                    this.WriteProviderError(exception);
                }
            }
        }
    }
}

/// <summary>Clear-Variable.</summary>
[Cmdlet(VerbsCommon.Clear, "Variable", SupportsShouldProcess = true)]
public sealed class ClearVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            foreach (var variable in WildcardPattern.ContainsWildcardCharacters(name) ? Find(name) : FindExact(name) is { } one ? [one] : [])
            {
                variable.Value = null;
            }
        }
    }
}

/// <summary>Get-Alias.</summary>
[Cmdlet(VerbsCommon.Get, "Alias", DefaultParameterSetName = "Default")]
public sealed class GetAliasCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Default", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter(ParameterSetName = "Definition")]
    public string[] Definition { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var name in ParameterSetName == "Definition" ? ["*"] : Name)
        {
            var aliases = InvokeCommand.GetCommands(name, CommandTypes.Alias, nameIsPattern: true)
                .Cast<AliasInfo>()
                .Where(alias => Definition.Length == 0 || Definition.Any(pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(alias.Definition)))
                .OrderBy(alias => alias.Name, StringComparer.OrdinalIgnoreCase)
                .ToList();
            if (aliases.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(new ErrorRecord(
                    new ItemNotFoundException($"This command cannot find a matching alias because an alias with the name '{name}' does not exist."),
                    "ItemNotFoundException",
                    ErrorCategory.ObjectNotFound,
                    name));
            }

            WriteObject(aliases, enumerateCollection: true);
        }
    }
}

/// <summary>Set-Alias.</summary>
[Cmdlet(VerbsCommon.Set, "Alias", SupportsShouldProcess = true)]
public sealed class SetAliasCommand : AliasCommandBase
{
}

/// <summary>New-Alias.</summary>
[Cmdlet(VerbsCommon.New, "Alias", SupportsShouldProcess = true)]
public sealed class NewAliasCommand : AliasCommandBase
{
    protected override void ProcessRecord()
    {
        if (!Force && InvokeCommand.GetCommand(Name, CommandTypes.Alias) is not null)
        {
            var exception = new SessionStateException($"The alias is not allowed, because an alias with the name '{Name}' already exists.");
            WriteError(new ErrorRecord(exception, "AliasAlreadyExists", ErrorCategory.ResourceExists, Name));
            return;
        }

        base.ProcessRecord();
    }
}

/// <summary>What Set-Alias and New-Alias share.</summary>
public abstract class AliasCommandBase : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Value { get; set; } = string.Empty;

    [Parameter]
    public ScopedItemOptions Option { get; set; }

    [Parameter]
    public string? Scope { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        var alias = EngineInternals.Create("System.Management.Automation.AliasInfo", Name, Value, EngineInternals.Get(this, "Context"), Option);
        var state = EngineInternals.Get(SessionState, "Internal")!;
        var origin = MyInvocation.CommandOrigin;
        var result = Scope is null
            ? EngineInternals.Call(state, "SetAliasItem", alias, Force.IsPresent, origin)
            : EngineInternals.Call(state, "SetAliasItemAtScope", alias, Scope, Force.IsPresent, origin);
        if (PassThru)
        {
            WriteObject(result);
        }
    }
}
