using System.Reflection;
using System.Runtime.CompilerServices;

namespace GracefulExit.Rehearsal;

/// <summary>Compiles methods before they are called. Any thread; a method that is called meanwhile is compiled by whoever comes first.</summary>
internal static class JustInTime
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Compiles methods of a type and their lambdas, and runs none of them.</summary>
    /// <param name="type">The type.</param>
    /// <param name="names">The names of the methods; none: all.</param>
    /// <exception cref="ArgumentException">The type has no method of one of the names.</exception>
    public static void Compile(Type type, params string[] names)
    {
        MethodInfo[] own = type.GetMethods(Declared);
        if (Array.Find(names, name => !Array.Exists(own, method => method.Name == name)) is { } unknown)
        {
            throw new ArgumentException($"{type} has no method {unknown}.", nameof(names));
        }

        // The methods' lambdas are methods of nested types, and named after them.
        foreach (MethodInfo method in own.Concat(type.GetNestedTypes(BindingFlags.NonPublic).SelectMany(closure => closure.GetMethods(Declared))))
        {
            bool isNamed = names.Length == 0
                || Array.Exists(names, name => method.Name == name || method.Name.StartsWith($"<{name}>", StringComparison.Ordinal));
            if (isNamed && !method.IsAbstract && !method.ContainsGenericParameters)
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }
}
