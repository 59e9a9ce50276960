using System.Management.Automation.Language;

namespace GracefulExit.Rescue;

/// <summary>
/// The script classes and enumerations that code names: their definitions, if they are in the same file as that code, and the
/// names of the others, which another process can't have.
/// </summary>
/// <remarks>A module's class is available if a <c>using module</c> statement imports it. That statement is passed on with the code.</remarks>
internal sealed class ScriptTypes
{
    private readonly Dictionary<Ast, HashSet<TypeDefinitionAst>> _wanted = [];
    private readonly SortedSet<string> _missing = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets one script for each file, which defines the needed types of that file.</summary>
    public IEnumerable<ScriptText> Definitions => _wanted.Select(file => ScriptText.Of(
        file.Key, string.Join('\n', file.Value.OrderBy(type => type.Extent.StartOffset).Select(type => type.Extent.Text))));

    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Gets the names of the types that are defined.</summary>
    public IEnumerable<string> Names => _wanted.Values.SelectMany(static types => types).Select(static type => type.Name);

    /// <summary>Adds the types that a piece of code names.</summary>
    /// <returns>The new definitions, whose own code may name more.</returns>
    public IEnumerable<TypeDefinitionAst> Add(Ast code)
    {
        Ast file = ScriptText.RootOf(code);
        foreach (ITypeName name in code.FindAll(node => node is TypeExpressionAst or AttributeBaseAst, searchNestedScriptBlocks: true)
            .SelectMany(node => Parts(node is TypeExpressionAst expression ? expression.TypeName : ((AttributeBaseAst)node).TypeName)))
        {
            // A type of the framework, or one that exists only after the code has run.
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

    /// <summary>Whether a type was defined by a script or compiled by Add-Type, and so is in no file.</summary>
    private static bool IsOfThisProcess(Type type) => type.Assembly.IsDynamic || type.Assembly.Location.Length == 0;
}
