using System.Collections;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace GracefulExit.Engine;

/// <summary>
/// Engine members without a public name that concern a runspace and its shell: the pipelines that run in it, whether it accepts
/// pipelines while it closes, and how the shell is about to end.
/// </summary>
/// <remarks>Threads: each method says where it may be called.</remarks>
internal static partial class EngineInternals
{
    /// <summary>
    /// Lets a runspace accept pipelines while it closes. Closing begins with the event <c>PowerShell.Exiting</c>. By then nothing of
    /// the session has been torn down, but the runspace accepts no pipelines, and so it can't load the module of a command that the
    /// script has not used yet: <c>Remove-Item</c> would not be found. On the closing thread.
    /// </summary>
    /// <returns>Dispose it before the runspace goes on closing. Null: this engine lacks the member.</returns>
    public static IDisposable? OpenWhileClosing(Runspace runspace)
    {
        if (Shell.StateOfRunspace is null || Shell.NewRunspaceState is null || !Shell.RunspaceBase!.IsInstanceOfType(runspace))
        {
            return null;
        }

        object? closing = Shell.StateOfRunspace.GetValue(runspace);
        Shell.StateOfRunspace.SetValue(runspace, Shell.NewRunspaceState.Invoke([RunspaceState.Opened]));
        return new Undo(() => Shell.StateOfRunspace.SetValue(runspace, closing));
    }

    /// <summary>Stops what runs in a runspace, as Ctrl+C does. Any thread; returns at once.</summary>
    public static void BeginStop(Runspace runspace)
    {
        if (FindOldestPipeline(runspace) is { } pipeline)
        {
            _ = Shell.PipelineStopAsync?.Invoke(pipeline, null);
        }
    }

    /// <summary>Stops what runs in a runspace and waits for its end. Any thread but the runspace's own.</summary>
    /// <returns>False: it has not unwound within the time.</returns>
    public static bool StopAndWait(Runspace runspace, TimeSpan limit)
    {
        if (FindOldestPipeline(runspace) is not { } pipeline)
        {
            return true;
        }

        Thread stopper = new(() => Shell.PipelineStop?.Invoke(pipeline, null)) { IsBackground = true, Name = "GracefulExit.Stop" };
        stopper.Start();
        return stopper.Join(limit) && FindOldestPipeline(runspace) is null;
    }

    /// <summary>The outermost pipeline in a runspace, which contains all others.</summary>
    private static object? FindOldestPipeline(Runspace runspace)
    {
        if (Shell.Pipelines is null || Shell.PipelineLock is null || !Shell.RunspaceBase!.IsInstanceOfType(runspace))
        {
            return Stops.RunningPipeline?.Invoke(runspace, null);
        }

        lock (Shell.PipelineLock.GetValue(runspace)!)
        {
            return ((IList)Shell.Pipelines.GetValue(runspace)!) is [{ } oldest, ..] ? oldest : null;
        }
    }

    /// <summary>How pwsh is about to end. Null: the host is not pwsh, or does not tell. Any thread, once the last script has ended.</summary>
    /// <param name="host">The host as a cmdlet sees it.</param>
    public static (int ExitCode, bool WasExitCalled)? FindShellStatus(PSHost host)
    {
        object shell = Shell.ExternalHost?.DeclaringType?.IsInstanceOfType(host) == true ? Shell.ExternalHost.GetValue(host)! : host;
        return Field(shell.GetType(), "ExitCode")?.GetValue(shell) is IConvertible exitCode
            ? (unchecked((int)exitCode.ToInt64(null)), Field(shell.GetType(), "_setShouldExitCalled")?.GetValue(shell) is true)
            : null;
    }

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }

    /// <summary>What is used when a session ends.</summary>
    private static class Shell
    {
        internal static readonly Type? RunspaceBase = Type("Runspaces.RunspaceBase");

        internal static readonly FieldInfo? StateOfRunspace = Field(RunspaceBase, "_runspaceStateInfo");

        internal static readonly ConstructorInfo? NewRunspaceState = typeof(RunspaceStateInfo).GetConstructor(Hidden, [typeof(RunspaceState)]);

        internal static readonly FieldInfo? PipelineLock = Field(RunspaceBase, "_pipelineListLock");

        internal static readonly PropertyInfo? Pipelines = Property(RunspaceBase, "RunningPipelines");

        internal static readonly Type? PipelineType = Type("Runspaces.Pipeline");

        internal static readonly MethodInfo? PipelineStop = PipelineType?.GetMethod("Stop", System.Type.EmptyTypes);

        internal static readonly MethodInfo? PipelineStopAsync = PipelineType?.GetMethod("StopAsync", System.Type.EmptyTypes);

        internal static readonly PropertyInfo? ExternalHost = Property(Type("Internal.Host.InternalHost"), "ExternalHost");
    }
}
