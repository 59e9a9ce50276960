using System.Reflection;
using GracefulExit.Commands;

namespace GracefulExit.Unit.Architecture;

/// <summary>The namespaces of the module depend on those below them only.</summary>
public sealed class DependencyTests
{
    private const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>From the bottom to the top. <c>GracefulExit</c> itself is what users see, and the messages.</summary>
    private static readonly string[] Layers =
    [
        "GracefulExit", "GracefulExit.Core", "GracefulExit.Native", "GracefulExit.Supervision", "GracefulExit.Engine", "GracefulExit.Forwarding",
        "GracefulExit.Blocks", "GracefulExit.Rescue", "GracefulExit.Guard", "GracefulExit.Signals", "GracefulExit.ProcessEnd",
        "GracefulExit.Formatting", "GracefulExit.Handlers", "GracefulExit.Scopes", "GracefulExit.Parameters", "GracefulExit.Calls", "GracefulExit.Commands",
    ];

    private static readonly Assembly Core = typeof(ExitContext).Assembly;

    private static readonly Assembly Cmdlets = typeof(UseExitHandlerCommand).Assembly;

    [Fact]
    public void Every_namespace_has_its_layer() => Assert.Empty(NamespacesOf(Core).Concat(NamespacesOf(Cmdlets)).Except(Layers));

    [Fact]
    public void The_cmdlets_are_not_in_the_core() => Assert.DoesNotContain("GracefulExit.Commands", NamespacesOf(Core));

    /// <summary>
    /// The engine lists the cmdlets before <see cref="CoreLoader"/> can load the core's image. .NET needs to know base classes,
    /// interfaces and the size of fields to list a class, but not the classes that its fields refer to.
    /// </summary>
    [Fact]
    public void The_cmdlets_can_be_listed_without_the_core() => Assert.Empty(Cmdlets.GetExportedTypes()
        .SelectMany(static type => type.GetFields(All).Select(static field => field.FieldType).Where(static type => type.IsValueType)
            .Append(type.BaseType!).Concat(type.GetInterfaces())
            .SelectMany(Parts).Where(static part => part.Assembly == Core)
            .Select(part => $"{type} needs {part}")));

    [Fact]
    public void No_namespace_depends_on_one_above_it()
    {
        string[] upward = [.. References()
            .Where(static use => Array.IndexOf(Layers, use.To) > Array.IndexOf(Layers, use.From))
            .Select(static use => $"{use.By} uses {use.What}")
            .Distinct()
            .Order()];
        Assert.Empty(upward);
    }

    private static IEnumerable<string> NamespacesOf(Assembly assembly) =>
        assembly.GetTypes().Select(static type => type.Namespace).OfType<string>().Where(static name => name.StartsWith("GracefulExit", StringComparison.Ordinal)).Distinct();

    /// <summary>What the code of each type uses of the others, in both assemblies: fields, parameters, calls.</summary>
    private static IEnumerable<(string From, string To, string By, string What)> References()
    {
        foreach (Type type in Core.GetTypes().Concat(Cmdlets.GetTypes()).Where(static type => type.Namespace is not null))
        {
            IEnumerable<Type?> used = type.GetFields(All).Select(static field => field.FieldType)
                .Concat(type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(method => UsedBy(method, type.Module)))
                .Append(type.BaseType)
                .Concat(type.GetInterfaces());
            foreach (Type other in used.OfType<Type>().SelectMany(Parts).Where(static other => (other.Assembly == Core || other.Assembly == Cmdlets) && other.Namespace is not null))
            {
                yield return (type.Namespace!, other.Namespace!, type.FullName!, other.FullName!);
            }
        }
    }

    private static IEnumerable<Type> UsedBy(MethodBase method, System.Reflection.Module module)
    {
        IEnumerable<Type> signature = method.GetParameters().Select(static parameter => parameter.ParameterType);
        return method is MethodInfo { ReturnType: { } result } ? signature.Append(result).Concat(UsedInBody(method, module)) : signature.Concat(UsedInBody(method, module));
    }

    /// <summary>The types of what the instructions name: every four bytes that are a token of this module.</summary>
    private static IEnumerable<Type> UsedInBody(MethodBase method, System.Reflection.Module module)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int i = 0; i + 4 < code.Length; i++)
        {
            // call, callvirt, newobj, ldfld, ldsfld, stfld, stsfld, ldtoken, castclass, isinst, newarr, box: one byte and a token.
            if (code[i] is 0x28 or 0x6F or 0x73 or 0x7B or 0x7E or 0x7D or 0x80 or 0xD0 or 0x74 or 0x75 or 0x8D or 0x8C
                && TryResolve(module, BitConverter.ToInt32(code, i + 1), typeArguments, methodArguments) is { } member)
            {
                yield return member as Type ?? member.DeclaringType!;
            }
        }
    }

    private static MemberInfo? TryResolve(System.Reflection.Module module, int token, Type[]? typeArguments, Type[]? methodArguments)
    {
        try
        {
            return module.ResolveMember(token, typeArguments, methodArguments) is { } member && (member is Type || member.DeclaringType is not null) ? member : null;
        }
        catch (Exception exception) when (exception is ArgumentException or BadImageFormatException or FileNotFoundException or TypeLoadException)
        {
            // Four bytes that are no token.
            return null;
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
}
