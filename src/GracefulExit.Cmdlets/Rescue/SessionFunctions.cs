using System.Management.Automation;
using System.Reflection;

namespace GracefulExit.Rescue;

/// <summary>
/// Finds a function as code of a given session sees it: a module's private functions, or those that a function on the call
/// stack has defined.
/// </summary>
/// <remarks>
/// <see cref="CommandInvocationIntrinsics.GetCommand(string, CommandTypes)"/> looks in whichever session is running at the
/// moment, whoever it is asked through; for a caller that is blocked within a module's function that is the wrong one.
/// <c>SessionStateInternal.GetFunction</c> looks in the right one and has no public name. Without it, the former has to do.
/// Threads: any, while the session's own thread does not change its functions.
/// </remarks>
internal static class SessionFunctions
{
    private static readonly PropertyInfo? Internal =
        typeof(SessionState).GetProperty("Internal", BindingFlags.Instance | BindingFlags.NonPublic);

    private static readonly MethodInfo? GetFunction = Internal?.PropertyType.GetMethod(
        "GetFunction", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, [typeof(string)]);

    public static FunctionInfo? Find(SessionState session, string name)
    {
        try
        {
            return GetFunction?.Invoke(Internal!.GetValue(session), [name]) as FunctionInfo;
        }
        catch (TargetInvocationException)
        {
            // A name that a function cannot have, such as a path.
            return null;
        }
    }
}
