using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>
/// The few switches that pwsh flips inside the engine and that are not public. Kept in one place, so that an
/// engine update that renames one of them is seen here and nowhere else.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Engine = typeof(PSObject).Assembly;

    /// <summary>Makes the runspace the one whose closing ends the session: it closes all others with it.</summary>
    public static void MakePrimary(Runspace runspace)
        => Property(typeof(Runspace), "PrimaryRunspace").SetValue(null, runspace);

    /// <summary>
    /// Lets <c>[powershell]::Create()</c> and <c>InitialSessionState.CreateDefault()</c> work: they ask for the
    /// assemblies of all snap-ins that come with pwsh, of which only the core one is here.
    /// </summary>
    public static void ForgetMissingSnapIns()
    {
        var all = (System.Collections.IList)Property(TypeNamed("System.Management.Automation.PSSnapInReader"), "DefaultMshSnapins").GetValue(null)!;
        for (var i = all.Count - 1; i >= 0; i--)
        {
            if (!"System.Management.Automation".Equals(Get(all[i]!, "AssemblyName")))
            {
                all.RemoveAt(i);
            }
        }
    }

    /// <summary>Lets <c>exit</c> in a script end the session and not only the script.</summary>
    public static void LetScriptsExit(Runspace runspace)
    {
        var context = ContextOf(runspace);
        Property(context.GetType(), "ScriptCommandProcessorShouldRethrowExit").SetValue(context, true);
    }

    /// <summary>Enters a nested prompt by way of the engine, which keeps count of them.</summary>
    public static PSHost EngineHostOf(Runspace runspace)
    {
        var context = ContextOf(runspace);
        return (PSHost)Property(context.GetType(), "EngineHostInterface").GetValue(context)!;
    }

    /// <summary>Marks an object as one that is to be shown as an error.</summary>
    public static PSObject AsErrorOutput(object error)
    {
        var wrapped = new PSObject(error);
        var stream = Property(typeof(PSObject), "WriteStream");
        stream.SetValue(wrapped, Enum.Parse(stream.PropertyType, "Error"));
        return wrapped;
    }

    /// <summary>Whether the text refers to <c>$input</c>, so that standard input belongs to it.</summary>
    public static bool UsesInput(System.Management.Automation.Language.Ast ast)
        => ast.Find(
            node => node is System.Management.Automation.Language.VariableExpressionAst variable
                && variable.VariablePath.IsVariable
                && variable.VariablePath.UserPath.Equals("input", StringComparison.OrdinalIgnoreCase),
            searchNestedScriptBlocks: false) is not null;

    /// <summary>The exception with which a command ends the commands before it in the pipeline, and only those.</summary>
    public static Exception NewStopUpstream(Cmdlet requester)
        => (Exception)Create("System.Management.Automation.StopUpstreamCommandsException", requester);

    /// <summary>Runs a script block for a cmdlet: dot-sourced in the caller's scope, its output streamed or dropped.</summary>
    public static void InvokeForCmdlet(ScriptBlock block, Cmdlet cmdlet, object? dollarUnder, bool dropOutput)
    {
        object pipe;
        if (dropOutput)
        {
            pipe = Create("System.Management.Automation.Internal.Pipe");
            Set(pipe, "NullPipe", true);
        }
        else
        {
            pipe = Get(cmdlet.CommandRuntime, "OutputPipe")!;
        }

        var method = typeof(ScriptBlock).GetMethods(Any).Single(candidate => candidate.Name == "InvokeWithPipe");
        var parameters = method.GetParameters();
        var arguments = parameters.Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : null).ToArray();
        arguments[0] = false;
        arguments[1] = Enum.Parse(parameters[1].ParameterType, "WriteToCurrentErrorPipe");
        arguments[2] = dollarUnder;
        arguments[3] = Array.Empty<object>();
        arguments[4] = System.Management.Automation.Internal.AutomationNull.Value;
        arguments[5] = pipe;
        method.Invoke(block, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    /// <summary>Reads the format files of the session again, after some have been added.</summary>
    public static void ReloadFormats(PSCmdlet cmdlet)
        => Call(InitialStateOf(cmdlet), "UpdateFormats", Get(cmdlet, "Context"), false);

    /// <summary>Adds type data to the session that a cmdlet runs in.</summary>
    public static void AddTypes(PSCmdlet cmdlet, params SessionStateTypeEntry[] entries)
    {
        var update = InitialSessionState.Create();
        update.Types.Add(entries);
        Call(update, "UpdateTypes", Get(cmdlet, "Context"), true);
    }

    /// <summary>All runspaces of the process.</summary>
    public static IEnumerable<Runspace> AllRunspaces()
        => (IEnumerable<Runspace>)Property(typeof(Runspace), "RunspaceList").GetValue(null)!;

    /// <summary>The initial state of the session that a cmdlet runs in: its format files, among others.</summary>
    public static InitialSessionState InitialStateOf(PSCmdlet cmdlet)
        => (InitialSessionState)Get(Get(cmdlet, "Context")!, "InitialSessionState")!;

    /// <summary>Serves a background job over standard input and output.</summary>
    public static void ServeJob(string initialCommand, string? workingDirectory)
    {
        var mediator = TypeNamed("System.Management.Automation.Remoting.Server.StdIOProcessMediator");
        mediator.GetMethod("Run", Any)!.Invoke(null, [initialCommand, workingDirectory, null, null, false]);
    }

    /// <summary>A type of the engine by its full name.</summary>
    public static Type TypeNamed(string name) => Engine.GetType(name, throwOnError: true)!;

    /// <summary>An instance of a type of the engine that has no public constructor.</summary>
    public static object Create(string typeName, params object?[] arguments)
        => Activator.CreateInstance(TypeNamed(typeName), Any & ~BindingFlags.Static, null, arguments, null)!;

    /// <summary>Sets a field or property of an engine object.</summary>
    public static void Set(object target, string member, object? value)
    {
        for (var type = target.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(member, Any | BindingFlags.DeclaredOnly) is { } field)
            {
                field.SetValue(target, value);
                return;
            }

            if (type.GetProperty(member, Any | BindingFlags.DeclaredOnly) is { CanWrite: true } property)
            {
                property.SetValue(target, value);
                return;
            }
        }

        throw new MissingMemberException(target.GetType().FullName, member);
    }

    /// <summary>Calls the method of an engine object that takes arguments of these types.</summary>
    public static object? Call(object target, string method, params object?[] arguments)
    {
        var found = target.GetType().GetMethods(Any).First(candidate =>
        {
            var parameters = candidate.GetParameters();
            return candidate.Name == method
                && parameters.Length == arguments.Length
                && parameters.Zip(arguments).All(pair => pair.Second is null ? !pair.First.ParameterType.IsValueType : pair.First.ParameterType.IsInstanceOfType(pair.Second));
        });
        return found.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    /// <summary>Gets a field or property of an engine object.</summary>
    public static object? Get(object target, string member)
    {
        for (var type = target.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(member, Any | BindingFlags.DeclaredOnly) is { } field)
            {
                return field.GetValue(target);
            }

            if (type.GetProperty(member, Any | BindingFlags.DeclaredOnly) is { CanRead: true } property)
            {
                return property.GetValue(target);
            }
        }

        throw new MissingMemberException(target.GetType().FullName, member);
    }

    private static object ContextOf(Runspace runspace)
        => Property(typeof(Runspace), "ExecutionContext").GetValue(runspace)!;

    private static PropertyInfo Property(Type type, string name)
        => type.GetProperty(name, Any) ?? throw new MissingMemberException(type.FullName, name);
}
