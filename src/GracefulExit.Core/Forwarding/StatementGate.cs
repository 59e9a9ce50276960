using System.Diagnostics;
using System.Management.Automation;
using GracefulExit.Supervision;

namespace GracefulExit.Forwarding;

/// <summary>
/// Keeps a body from starting its next statement after a native command: once closed, the end of the command stops the
/// body on its own thread. So does the end of a command that was killed by the scope's own signal, told before the signal.
/// </summary>
/// <remarks>
/// <para>
/// When a native command has ended, and before the next statement, the engine sets <c>$LASTEXITCODE</c> on the body's
/// thread; a validation attribute on that variable is then called there. Stopping the body earlier would kill the command
/// (the engine sends it SIGKILL), stopping it from another thread when the command's end is seen would come too late.
/// </para>
/// <para>
/// A terminal's Ctrl+C goes to the shell and to a native command alike. Both the signal and the end of the command may be pending
/// when the shell's thread gets to see them, and the kernel then runs the handler of the later one first. So the end of a
/// command that was killed by such a signal waits a moment for the signal itself, as other shells do (bash(1), SIGNALS).
/// </para>
/// <para>
/// Threads: made and removed on the pipeline thread, which alone reads and changes the variable's attributes; closed and opened
/// by the thread that carries out the request.
/// </para>
/// </remarks>
internal sealed class StatementGate
{
    private const string VariableName = "global:LASTEXITCODE";

    /// <summary>The end of a command that was killed by a signal belongs to the same signal to this process within this time of it.</summary>
    private static readonly TimeSpan SameSignalTime = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _commandEnded = new();
    private readonly Latch _requested = new();
    private readonly PSVariable _variable;
    private readonly CommandEndAttribute _attribute;
    private readonly Signal[] _signals;
    private readonly Action _stop;
    private volatile bool _isClosed;
    private long _requestedAt;

    /// <param name="variables">The body's.</param>
    /// <param name="signals">What the scope listens to.</param>
    /// <param name="stop">Stops the body and returns when the stop has reached it.</param>
    public StatementGate(PSVariableIntrinsics variables, IEnumerable<Signal> signals, Action stop)
    {
        _signals = [.. signals];
        _stop = stop;
        if (variables.Get(VariableName) is null)
        {
            variables.Set(VariableName, null);
        }

        _variable = variables.Get(VariableName);
        _attribute = new CommandEndAttribute(OnCommandEnded);
        _variable.Attributes.Add(_attribute);
    }

    /// <summary>A signal has come. From now on the end of a native command stops the body.</summary>
    public void Close()
    {
        _isClosed = true;
        _requestedAt = Environment.TickCount64;
        _requested.Set();
    }

    /// <summary>No command was running. What the body starts in its grace period ends as ever.</summary>
    public void Open() => _isClosed = false;

    /// <summary>Waits until a native command has ended at the closed gate.</summary>
    public bool WaitCommandEnded(TimeSpan timeout) => _commandEnded.Wait(timeout);

    public void Remove()
    {
        Open();
        _variable.Attributes.Remove(_attribute);
    }

    private void OnCommandEnded(object status)
    {
        bool isKilled = WasKilledBySignal(status) && (!_requested.IsSet || Environment.TickCount64 - _requestedAt < SameSignalTime.TotalMilliseconds);
        if ((_isClosed || isKilled) && IsSetByEngine() && (_isClosed || _requested.Wait(SameSignalTime)))
        {
            _commandEnded.Set();
            _stop();
        }
    }

    private bool WasKilledBySignal(object status) =>
        LanguagePrimitives.TryConvertTo(status, out int code) && IForwardingSystem.Current.IsKilledBy(_signals, code);

    /// <summary>
    /// Whether the engine sets the variable, because a native command has ended, and not the script: then its class comes before any
    /// compiled or interpreted script on the call stack. Looked at only when a command may have ended that matters.
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

    private sealed class CommandEndAttribute(Action<object> onSet) : ValidateArgumentsAttribute
    {
        private bool _isAdded;

        protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
        {
            // Adding the attribute validates the value that is there.
            if (_isAdded)
            {
                onSet(arguments);
            }

            _isAdded = true;
        }
    }
}
