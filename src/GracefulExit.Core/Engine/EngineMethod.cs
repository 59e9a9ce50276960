using System.Reflection;

namespace GracefulExit.Engine;

/// <summary>
/// Calls a method of the engine, such as a property's getter. <see cref="MethodBase.Invoke(object, object[])"/> would compile code for it
/// at the second call, which a process with a single scope or a single stop does not get back. So the code is compiled only once there
/// have been many calls.
/// </summary>
/// <remarks>Threads: any. If several come to compile at once, each does it, and one of the results is kept.</remarks>
internal sealed class EngineMethod(MethodBase method)
{
    /// <summary>Some thirty scopes. Compiling takes as long as a thousand calls without it.</summary>
    private const int CallsBeforeCompiling = 100;

    private int _calls;
    private volatile MethodInvoker? _compiled;

    /// <summary>Calls the method. What it throws comes as it is.</summary>
    /// <param name="target">The object; null: a static method.</param>
    /// <param name="arguments">All arguments.</param>
    public object? Call(object? target, params object?[] arguments)
    {
        if (_compiled is { } compiled)
        {
            return compiled.Invoke(target, arguments.AsSpan());
        }

        // An invoker compiles when it is used again.
        MethodInvoker invoker = MethodInvoker.Create(method);
        if (Interlocked.Increment(ref _calls) >= CallsBeforeCompiling)
        {
            _compiled = invoker;
        }

        return invoker.Invoke(target, arguments.AsSpan());
    }
}
