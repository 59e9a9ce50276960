using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Microsoft.PowerShell.Commands;

/// <summary>Start-ThreadJob: a script block in a runspace of its own, as a job.</summary>
[Cmdlet(VerbsLifecycle.Start, "ThreadJob", DefaultParameterSetName = "ScriptBlock")]
[OutputType(typeof(ThreadJob))]
public sealed class StartThreadJobCommand : PSCmdlet
{
    private readonly PSDataCollection<PSObject> _input = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ScriptBlock")]
    public ScriptBlock? ScriptBlock { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "FilePath")]
    public string? FilePath { get; set; }

    [Parameter]
    public string? Name { get; set; }

    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public object?[] ArgumentList { get; set; } = [];

    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int ThrottleLimit { get; set; } = 5;

    [Parameter]
    public PSHost? StreamingHost { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _input.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        _input.Complete();
        var text = ScriptBlock?.ToString() ?? File.ReadAllText(GetUnresolvedProviderPathFromPSPath(FilePath!));
        var job = new ThreadJob(
            text,
            Name,
            UsingValues(),
            InitializationScript?.ToString(),
            ArgumentList,
            _input,
            StreamingHost,
            SessionState.Path.CurrentFileSystemLocation.Path);
        JobRepository.Add(job);
        WriteObject(job);
        job.Start(ThrottleLimit);
    }

    // What "$using:name" stands for is fixed when the job starts.
    private Dictionary<string, object?> UsingValues()
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in ScriptBlock?.Ast.FindAll(node => node is UsingExpressionAst, searchNestedScriptBlocks: true) ?? [])
        {
            var expression = ((UsingExpressionAst)node).SubExpression;
            var text = expression is VariableExpressionAst ? node.Extent.Text.ToLowerInvariant() : node.Extent.Text;
            var key = Convert.ToBase64String(System.Text.Encoding.Unicode.GetBytes(text));
            values[key] = expression is VariableExpressionAst variable
                ? SessionState.PSVariable.GetValue(variable.VariablePath.UserPath)
                : InvokeCommand.InvokeScript(expression.Extent.Text) is [var single] ? single : null;
        }

        return values;
    }
}

/// <summary>
/// A job on a thread of this process. Its state is changed by whichever thread starts, ends or stops the pipeline;
/// the engine's job keeps it consistent.
/// </summary>
public sealed class ThreadJob : Job
{
    private static readonly Lock Queue = new();
    private static readonly Queue<ThreadJob> Waiting = new();
    private static int _running;
    private static int _limit = 5;

    private readonly string _text;
    private readonly Dictionary<string, object?> _using;
    private readonly string? _initialization;
    private readonly object?[] _arguments;
    private readonly PSDataCollection<PSObject> _input;
    private readonly PSHost? _host;
    private readonly string _location;
    private readonly Lock _lock = new();

    // Held while the shell is being stopped or disposed of: the two must not meet.
    private readonly Lock _disposal = new();
    private Runspace? _runspace;
    private System.Management.Automation.PowerShell? _shell;

    internal ThreadJob(
        string text,
        string? name,
        Dictionary<string, object?> usingValues,
        string? initialization,
        object?[] arguments,
        PSDataCollection<PSObject> input,
        PSHost? host,
        string location)
        : base(text, name)
    {
        (_text, _using, _initialization, _arguments, _input, _host, _location) = (text, usingValues, initialization, arguments, input, host, location);
        PSJobTypeName = "ThreadJob";
    }

    /// <inheritdoc/>
    public override bool HasMoreData
        => Output.Count + Error.Count + Warning.Count + Verbose.Count + Debug.Count + Information.Count + Progress.Count > 0 || (!IsOver && Output.IsOpen);

    /// <inheritdoc/>
    public override string Location => "PowerShell";

    /// <inheritdoc/>
    public override string StatusMessage => string.Empty;

    private bool IsOver => JobStateInfo.State is JobState.Completed or JobState.Failed or JobState.Stopped;

    /// <inheritdoc/>
    public override void StopJob()
    {
        System.Management.Automation.PowerShell? shell;
        lock (_lock)
        {
            if (IsOver)
            {
                return;
            }

            shell = _shell;
            SetJobState(shell is null ? JobState.Stopped : JobState.Stopping);
        }

        // Waits, as the real one does: afterwards the job is over.
        lock (_disposal)
        {
            // Otherwise over already, and disposed of.
            if (!IsOver)
            {
                shell?.Stop();
            }
        }

        Finished.WaitOne();
    }

    /// <summary>Starts the job, or lets it wait for others to end.</summary>
    internal void Start(int limit)
    {
        lock (Queue)
        {
            _limit = limit;
            Waiting.Enqueue(this);
        }

        StartWaiting();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void StartWaiting()
    {
        while (true)
        {
            ThreadJob next;
            lock (Queue)
            {
                if (_running >= _limit || !Waiting.TryDequeue(out next!))
                {
                    return;
                }

                if (next.IsOver)
                {
                    continue;
                }

                _running++;
            }

            next.Begin();
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            var state = InitialSessionState.CreateDefault2();
            _runspace = _host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(_host, state);
            _runspace.Open();
            _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(_location));
            _shell = System.Management.Automation.PowerShell.Create(_runspace);
            _shell.Streams.Error = Error;
            _shell.Streams.Warning = Warning;
            _shell.Streams.Verbose = Verbose;
            _shell.Streams.Debug = Debug;
            _shell.Streams.Information = Information;
            _shell.Streams.Progress = Progress;
            SetJobState(JobState.Running);
        }

        _shell.InvocationStateChanged += OnStateChanged;
        if (_initialization is not null)
        {
            _shell.AddScript(_initialization, useLocalScope: false).AddStatement();
        }

        _shell.AddScript(_text);
        if (_using.Count > 0)
        {
            _shell.AddParameter("--%", new System.Collections.Hashtable(_using));
        }

        foreach (var argument in _arguments)
        {
            _shell.AddArgument(argument);
        }

        _shell.BeginInvoke(_input, Output);
    }

    private void OnStateChanged(object? sender, PSInvocationStateChangedEventArgs args)
    {
        var info = args.InvocationStateInfo;
        if (info.State is not (PSInvocationState.Completed or PSInvocationState.Failed or PSInvocationState.Stopped))
        {
            return;
        }

        if (info.State == PSInvocationState.Failed && info.Reason is RuntimeException failure)
        {
            Error.Add(failure.ErrorRecord);
        }

        lock (_lock)
        {
            SetJobState(info.State switch
            {
                PSInvocationState.Completed => JobState.Completed,
                PSInvocationState.Stopped => JobState.Stopped,
                _ => JobState.Failed,
            });
        }

        lock (Queue)
        {
            _running--;
        }

        // Not on this thread, which is the pipeline's own: a runspace can't be closed from inside.
        ThreadPool.QueueUserWorkItem(_ =>
        {
            lock (_disposal)
            {
                _shell!.Dispose();
                _runspace!.Dispose();
            }

            StartWaiting();
        });
    }
}
