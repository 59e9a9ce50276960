using System.Management.Automation.Runspaces;
using GracefulExit.Blocks;
using GracefulExit.Core;
using GracefulExit.Engine;
using GracefulExit.Guard;
using GracefulExit.Supervision;

namespace GracefulExit.Handlers;

/// <summary>What <c>Register-ExitHandler</c> has registered: exit blocks that run when the session or the process ends.</summary>
/// <remarks>
/// Threads: created on the pipeline thread. Whoever runs it has claimed it from the <see cref="HandlerRegistry"/>, so nobody else does.
/// </remarks>
internal sealed class RegisteredHandler
{
    private readonly Latch _released = new();
    private readonly EndNotice? _notice;
    private volatile bool _isRunning;

    public RegisteredHandler(int id, HandlerOptions options, CallerSession caller, Runspace runspace, Supervisor supervisor, Action<RegisteredHandler, string> giveUp)
    {
        Id = id;
        Options = options;
        Caller = caller;
        Runspace = runspace;
        PipelineThread = Thread.CurrentThread;
        Guard = options.Guard ? new GuardedScope(id, Context.StartedAt, options.ExitTimeout, caller.Warn) : null;
        Observer = new HandlerBlockObserver(this, message => giveUp(this, message));
        Blocks = new ExitBlockRun(
            options.ExitBlocks.Select((block, index) => new ExitBlock(index, block, SessionPosition.Of(block, caller.SessionState).Keep())),
            supervisor,
            options.ExitTimeout,
            options.StopTimeout,
            Observer);
        _notice = EndNotice.TryCreate(caller, supervisor, () => Blocks.Wait, () => IsReleased, isAbandonable: true);
    }

    /// <summary>Gets the number. Scopes and handlers are numbered together.</summary>
    public int Id { get; }

    public HandlerOptions Options { get; }

    public CallerSession Caller { get; }

    public Runspace Runspace { get; }

    /// <summary>Gets the thread on which it was registered: the one on which the runspace's scripts run.</summary>
    public Thread PipelineThread { get; }

    public ExitContext Context { get; } = new();

    public ExitBlockRun Blocks { get; }

    public HandlerBlockObserver Observer { get; }

    /// <summary>Gets what sends messages to this handler's guard, if it has one.</summary>
    public GuardedScope? Guard { get; }

    /// <summary>Gets or sets the runspace in which the exit blocks run, if it is not the one in which they were registered.</summary>
    public Runspace? RescueRunspace { get; set; }

    /// <summary>Gets a value indicating whether the exit blocks have run, or were given up.</summary>
    public bool IsReleased => _released.IsSet;

    /// <summary>Gets how long its exit blocks may take, all together.</summary>
    public TimeSpan TimeToRun
    {
        get
        {
            TimeSpan limit = Options.ExitTimeout > TimeSpan.Zero ? Options.ExitTimeout : BlockClock.LimitWhileExiting;
            return (Blocks.Waiting.Length + 1) * (limit + Options.StopTimeout);
        }
    }

    /// <summary>The exit blocks are about to run, for the given reason.</summary>
    public void Begin(SessionEnding ending)
    {
        _isRunning = true;
        Context.Reason = ending.Request.Reason;
        Context.Signal = ending.Request.Signal?.Name;
        Context.ExitCode = ending.Request.ExitCode;
        Context.ErrorRecord = ending.Error;
        Context.RequestedAt = DateTime.Now;
        Context.Announce(exception => Caller.Warn(Messages.TokenCallbackFailed(exception.Message)));
        Blocks.OnProcessExiting();
        _notice?.Begin();
    }

    /// <summary>The exit blocks have run, or were given up.</summary>
    public void Release()
    {
        Guard?.Release();
        _released.Set();
    }

    /// <summary>Waits until the exit blocks have run.</summary>
    public bool WaitReleased(TimeSpan limit) => _released.Wait(limit);

    /// <summary>The object that Get-ExitHandler returns for it.</summary>
    public ExitHandlerInfo Inform() => new()
    {
        Id = Id,
        Kind = ExitHandlerKind.Registered,
        State = IsReleased ? ExitHandlerState.Completed : _isRunning ? ExitHandlerState.Exiting : ExitHandlerState.Waiting,
        WaitingFor = Blocks.Wait?.Text ?? string.Empty,
        Signal = [.. Options.Signals.Select(static signal => signal.Name)],
        ScriptName = Options.RegisteredFrom.ScriptName,
        ScriptLineNumber = Options.RegisteredFrom.LineNumber,
        RunspaceId = Runspace.Id,
        Depth = 0,
        Context = Context,
    };
}
