using System.Reflection;

namespace GracefulExit.Engine;

/// <summary>
/// Reads a property of the engine. <see cref="PropertyInfo.GetValue(object)"/> would compile code for it at the second reading, which a
/// process with a single scope or a single stop does not get back. So the code is compiled only once there have been many readings.
/// </summary>
/// <remarks>Threads: any. If several come to compile at once, each does it, and one of the results is kept.</remarks>
internal sealed class PropertyReader(PropertyInfo property)
{
    /// <summary>Some thirty scopes. Compiling takes as long as a thousand readings without it.</summary>
    private const int ReadingsBeforeCompiling = 100;

    private readonly MethodInfo _getter = property.GetMethod!;
    private int _readings;
    private volatile MethodInvoker? _compiled;

    /// <summary>Gets the property's value.</summary>
    /// <param name="target">The object that has the property.</param>
    public T Read<T>(object target)
    {
        if (_compiled is { } compiled)
        {
            return (T)compiled.Invoke(target)!;
        }

        if (Interlocked.Increment(ref _readings) >= ReadingsBeforeCompiling)
        {
            _compiled = MethodInvoker.Create(_getter);
        }

        return _getter.CreateDelegate<Func<T>>(target)();
    }
}
