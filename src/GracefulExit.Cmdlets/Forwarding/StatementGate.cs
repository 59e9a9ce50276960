using System.Diagnostics;
using System.Management.Automation;

namespace GracefulExit.Forwarding;

/// <summary>
/// Keeps a body from starting its next statement after a native command: once closed, the end of the command stops the
/// body on its own thread.
/// </summary>
/// <remarks>
/// <para>
/// When a native command has ended, and before the next statement, the engine sets <c>$LASTEXITCODE</c> on the body's
/// thread; a validation attribute on that variable is then called there. Stopping the body earlier would kill the command
/// (the engine sends it SIGKILL), stopping it from another thread when the command's end is seen would come too late.
/// </para>
/// <para>
/// Threads: made and removed on the pipeline thread, which alone reads and changes the variable's attributes; closed by
/// the ladder's thread.
/// </para>
/// </remarks>
internal sealed class StatementGate
{
    private const string VariableName = "global:LASTEXITCODE";

    private readonly ManualResetEventSlim _commandEnded = new();
    private readonly PSVariable _variable;
    private readonly CommandEndAttribute _attribute;
    private Action? _stop;

    public StatementGate(PSVariableIntrinsics variables)
    {
        if (variables.Get(VariableName) is null)
        {
            variables.Set(VariableName, null);
        }

        _variable = variables.Get(VariableName);
        _attribute = new CommandEndAttribute(OnCommandEnded);
        _variable.Attributes.Add(_attribute);
    }

    /// <summary>From now on the end of a native command stops the body.</summary>
    /// <param name="stop">Stops the body and returns when the stop has reached it.</param>
    public void Close(Action stop) => Volatile.Write(ref _stop, stop);

    /// <summary>Native commands end as ever again.</summary>
    public void Open() => Volatile.Write(ref _stop, null);

    /// <summary>Waits until a native command has ended at the closed gate.</summary>
    public bool WaitCommandEnded(TimeSpan timeout) => _commandEnded.Wait(timeout);

    public void Remove()
    {
        Open();
        _variable.Attributes.Remove(_attribute);
    }

    private void OnCommandEnded()
    {
        if (Volatile.Read(ref _stop) is { } stop && IsSetByEngine())
        {
            _commandEnded.Set();
            stop();
        }
    }

    /// <summary>
    /// Whether the engine sets the variable, because a native command has ended, and not the script: then its class comes before any
    /// compiled or interpreted script on the call stack. Looked at only while the gate is closed.
    /// </summary>
    private static bool IsSetByEngine()
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            Type? type = frame.GetMethod()?.DeclaringType;
            if (type?.FullName == "System.Management.Automation.NativeCommandProcessor")
            {
                return true;
            }

            // Compiled scripts are methods without a class.
            if (type is null || type.Namespace == "System.Management.Automation.Interpreter")
            {
                return false;
            }
        }

        return false;
    }

    private sealed class CommandEndAttribute(Action onSet) : ValidateArgumentsAttribute
    {
        private bool _isAdded;

        protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
        {
            // Adding the attribute validates the value that is there.
            if (_isAdded)
            {
                onSet();
            }

            _isAdded = true;
        }
    }
}
