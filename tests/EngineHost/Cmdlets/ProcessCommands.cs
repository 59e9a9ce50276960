using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>A cmdlet over processes by number, name or object.</summary>
public abstract class ProcessCommandBase : PSCmdlet
{
    [Parameter(ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PID")]
    public int[] Id { get; set; } = [];

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public Process[] InputObject { get; set; } = [];

    /// <summary>The processes named by whichever parameter was given; those that are missing are reported.</summary>
    protected List<Process> Find(string[] names)
    {
        var found = new List<Process>(InputObject);
        foreach (var id in Id)
        {
            try
            {
                found.Add(Process.GetProcessById(id));
            }
            catch (ArgumentException)
            {
                WriteMissing($"Cannot find a process with the process identifier {id}.", "NoProcessFoundForGivenId", id);
            }
        }

        foreach (var name in names)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            var matches = Process.GetProcesses().Where(process => pattern.IsMatch(NameOf(process))).OrderBy(NameOf).ToList();
            found.AddRange(matches);
            if (matches.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteMissing($"Cannot find a process with the name \"{name}\". Verify the process name and call the cmdlet again.", "NoProcessFoundForGivenName", name);
            }
        }

        return found;
    }

    private static string NameOf(Process process)
    {
        try
        {
            return process.ProcessName;
        }
        catch (InvalidOperationException)
        {
            return string.Empty;
        }
    }

    private void WriteMissing(string message, string id, object target)
        => WriteError(new ErrorRecord(new ProcessCommandException(message), id, ErrorCategory.ObjectNotFound, target));
}

/// <summary>A process is missing or can't be handled.</summary>
public sealed class ProcessCommandException : SystemException
{
    public ProcessCommandException()
    {
    }

    public ProcessCommandException(string? message)
        : base(message)
    {
    }

    public ProcessCommandException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Get-Process.</summary>
[Cmdlet(VerbsCommon.Get, "Process", DefaultParameterSetName = "Name")]
public sealed class GetProcessCommand : ProcessCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord() => WriteObject(Find(ParameterSetName == "Name" ? Name : []), enumerateCollection: true);
}

/// <summary>Stop-Process: SIGKILL, as the real one.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Process", DefaultParameterSetName = "Id", SupportsShouldProcess = true)]
public sealed class StopProcessCommand : ProcessCommandBase
{
    [Parameter(ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 0, ParameterSetName = "ByPosition", Mandatory = true, DontShow = true)]
    public int[] ProcessId { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        Id = [.. Id, .. ProcessId];
        foreach (var process in Find(Name))
        {
            if (!ShouldProcess($"{process.ProcessName} ({process.Id})"))
            {
                continue;
            }

            try
            {
                process.Kill();
            }
            catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
            {
                WriteError(new ErrorRecord(
                    new ProcessCommandException($"Cannot stop process \"({process.Id.ToString(CultureInfo.InvariantCulture)})\" because of the following error: {exception.Message}", exception),
                    "CouldNotStopProcess",
                    ErrorCategory.CloseError,
                    process));
                continue;
            }

            if (PassThru)
            {
                WriteObject(process);
            }
        }
    }
}

/// <summary>Wait-Process.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Process", DefaultParameterSetName = "Name")]
public sealed class WaitProcessCommand : ProcessCommandBase, IDisposable
{
    private readonly ManualResetEvent _stop = new(false);
    private readonly List<Process> _processes = [];

    [Parameter(Position = 0, ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1)]
    [Alias("TimeoutSec")]
    public int Timeout { get; set; } = -1;

    [Parameter]
    public SwitchParameter Any { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    public void Dispose() => _stop.Dispose();

    protected override void ProcessRecord() => _processes.AddRange(Find(Name));

    protected override void EndProcessing()
    {
        var deadline = Timeout < 0 ? long.MaxValue : Environment.TickCount64 + (Timeout * 1000L);
        bool IsDone() => Any ? _processes.Any(process => process.HasExited) : _processes.All(process => process.HasExited);
        while (!IsDone() && Environment.TickCount64 < deadline)
        {
            if (_stop.WaitOne(20))
            {
                return;
            }
        }

        foreach (var process in _processes.Where(process => !process.HasExited && !Any))
        {
            WriteError(new ErrorRecord(
                new TimeoutException($"This command stopped operation because process \"{process.ProcessName} ({process.Id})\" is not stopped in the specified time-out."),
                "ProcessNotTerminated",
                ErrorCategory.CloseError,
                process));
        }

        if (PassThru)
        {
            WriteObject(_processes, enumerateCollection: true);
        }
    }

    protected override void StopProcessing() => _stop.Set();
}

/// <summary>Start-Process without a window: a program with arguments, optionally waited for.</summary>
[Cmdlet(VerbsLifecycle.Start, "Process", SupportsShouldProcess = true)]
public sealed class StartProcessCommand : PSCmdlet
{
    private readonly CancellationTokenSource _stop = new();

    [Parameter(Position = 0, Mandatory = true)]
    [Alias("PSPath", "Path")]
    public string FilePath { get; set; } = string.Empty;

    [Parameter(Position = 1)]
    [Alias("Args")]
    public string[] ArgumentList { get; set; } = [];

    [Parameter]
    public string? WorkingDirectory { get; set; }

    [Parameter]
    public SwitchParameter NoNewWindow { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void BeginProcessing()
    {
        var command = InvokeCommand.GetCommand(FilePath, CommandTypes.Application) as ApplicationInfo;
        var process = Process.Start(new ProcessStartInfo
        {
            FileName = command?.Path ?? FilePath,
            Arguments = string.Join(' ', ArgumentList),
            WorkingDirectory = WorkingDirectory ?? SessionState.Path.CurrentFileSystemLocation.Path,
            UseShellExecute = false,
        })!;
        if (PassThru)
        {
            // The handle is what makes the exit code readable later.
            _ = process.SafeHandle;
            WriteObject(process);
        }

        if (Wait)
        {
            try
            {
                process.WaitForExitAsync(_stop.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                // Stopped.
            }
        }
    }

    protected override void StopProcessing() => _stop.Cancel();
}
