using System.Management.Automation.Language;

namespace GracefulExit.Rescue;

/// <summary>
/// The classes and enumerations of scripts that code names: their definitions, where they stand in the same file as that
/// code, and the names of those that don't, which another process can't have.
/// </summary>
/// <remarks>A class of a module is there again if a <c>using module</c> statement brings it, which goes with the code.</remarks>
internal sealed class ScriptTypes
{
    private readonly Dictionary<Ast, HashSet<TypeDefinitionAst>> _wanted = [];
    private readonly SortedSet<string> _missing = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets one script for each file, which defines what is wanted of it.</summary>
    public IEnumerable<ScriptText> Definitions => _wanted.Select(file => ScriptText.Of(
        file.Key, string.Join('\n', file.Value.OrderBy(type => type.Extent.StartOffset).Select(type => type.Extent.Text))));

    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Gets the names of those that are defined.</summary>
    public IEnumerable<string> Names => _wanted.Values.SelectMany(static types => types).Select(static type => type.Name);

    /// <summary>Notes what a piece of code names.</summary>
    /// <returns>The definitions that are new, whose code names things in its turn.</returns>
    public IEnumerable<TypeDefinitionAst> Add(Ast code)
    {
        Ast file = ScriptText.RootOf(code);
        foreach (ITypeName name in code.FindAll(node => node is TypeExpressionAst or AttributeBaseAst, searchNestedScriptBlocks: true)
            .SelectMany(node => Parts(node is TypeExpressionAst expression ? expression.TypeName : ((AttributeBaseAst)node).TypeName)))
        {
            // A type of the framework, or one that is only there once the code has run.
            if (name.GetReflectionType() is not { } type || !IsOfThisProcess(type))
            {
                continue;
            }

            if (file.Find(node => node is TypeDefinitionAst candidate && candidate.Name.Equals(name.Name, StringComparison.OrdinalIgnoreCase), true)
                is TypeDefinitionAst definition)
            {
                HashSet<TypeDefinitionAst> wanted = _wanted.TryGetValue(file, out HashSet<TypeDefinitionAst>? known) ? known : _wanted[file] = [];
                if (wanted.Add(definition))
                {
                    yield return definition;
                }
            }
            else if (file is not ScriptBlockAst { UsingStatements: { } usings } || usings.All(statement => statement.UsingStatementKind != UsingStatementKind.Module))
            {
                _missing.Add(name.FullName);
            }
        }
    }

    /// <summary>The names in <c>[Dictionary[string, Colour[]]]</c>.</summary>
    private static IEnumerable<ITypeName> Parts(ITypeName name) => name switch
    {
        ArrayTypeName array => Parts(array.ElementType),
        GenericTypeName generic => generic.GenericArguments.SelectMany(Parts),
        _ => [name],
    };

    /// <summary>Defined by a script, or compiled by Add-Type: in no file.</summary>
    private static bool IsOfThisProcess(Type type) => type.Assembly.IsDynamic || type.Assembly.Location.Length == 0;
}
