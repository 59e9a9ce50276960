using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using GracefulExit.Tests.EngineHost.Host;

namespace Microsoft.PowerShell.Commands;

/// <summary>Start-Sleep: a stop ends it at once.</summary>
[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
public sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private readonly Lock _lock = new();
    private ManualResetEvent? _stop;
    private bool _stopping;

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Seconds", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, (double)(int.MaxValue / 1000))]
    public double Seconds { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Milliseconds", ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("ms")]
    public int Milliseconds { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "FromTimeSpan", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ts")]
    public TimeSpan Duration { get; set; }

    public void Dispose() => _stop?.Dispose();

    protected override void ProcessRecord()
    {
        var milliseconds = ParameterSetName switch
        {
            "Seconds" => (int)(Seconds * 1000),
            "Milliseconds" => Milliseconds,
            _ => (int)Math.Min(int.MaxValue, Math.Floor(Duration.TotalMilliseconds)),
        };
        if (milliseconds <= 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_stopping)
            {
                return;
            }

            _stop ??= new ManualResetEvent(false);
        }

        _stop.WaitOne(milliseconds, exitContext: true);
    }

    protected override void StopProcessing()
    {
        lock (_lock)
        {
            _stopping = true;
            _stop?.Set();
        }
    }
}

/// <summary>Get-Date.</summary>
[Cmdlet(VerbsCommon.Get, "Date")]
public sealed class GetDateCommand : Cmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LastWriteTime")]
    public DateTime Date { get; set; } = DateTime.Now;

    [Parameter]
    [Alias("UnixTime")]
    public long? UnixTimeSeconds { get; set; }

    [Parameter]
    public int? Year { get; set; }

    [Parameter]
    public int? Month { get; set; }

    [Parameter]
    public int? Day { get; set; }

    [Parameter]
    public int? Hour { get; set; }

    [Parameter]
    public int? Minute { get; set; }

    [Parameter]
    public int? Second { get; set; }

    [Parameter]
    public int? Millisecond { get; set; }

    [Parameter]
    public DisplayHintType DisplayHint { get; set; } = DisplayHintType.DateTime;

    [Parameter]
    public string? UFormat { get; set; }

    [Parameter]
    public string? Format { get; set; }

    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    protected override void ProcessRecord()
    {
        var date = UnixTimeSeconds is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds).LocalDateTime : Date;
        date = date.AddYears((Year ?? date.Year) - date.Year)
            .AddMonths((Month ?? date.Month) - date.Month)
            .AddDays((Day ?? date.Day) - date.Day)
            .AddHours((Hour ?? date.Hour) - date.Hour)
            .AddMinutes((Minute ?? date.Minute) - date.Minute)
            .AddSeconds((Second ?? date.Second) - date.Second)
            .AddMilliseconds((Millisecond ?? date.Millisecond) - date.Millisecond);
        if (AsUTC)
        {
            date = date.ToUniversalTime();
        }

        if (UFormat is not null)
        {
            WriteObject(UnixFormat(date, UFormat));
        }
        else if (Format is not null)
        {
            WriteObject(FormatDate(date, Format));
        }
        else
        {
            var result = new PSObject(date);
            result.Properties.Add(new PSNoteProperty("DisplayHint", DisplayHint));
            WriteObject(result);
        }
    }

    private static string FormatDate(DateTime date, string format)
        => format switch
        {
            "FileDate" => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            "FileDateUniversal" => date.ToUniversalTime().ToString("yyyyMMddZ", CultureInfo.InvariantCulture),
            "FileDateTime" => date.ToString("yyyyMMddTHHmmssffff", CultureInfo.InvariantCulture),
            "FileDateTimeUniversal" => date.ToUniversalTime().ToString("yyyyMMddTHHmmssffffZ", CultureInfo.InvariantCulture),
            _ => date.ToString(format, CultureInfo.CurrentCulture),
        };

    private static string UnixFormat(DateTime date, string format)
    {
        var result = new System.Text.StringBuilder();
        for (var i = format.StartsWith('+') ? 1 : 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }

            result.Append(format[++i] switch
            {
                'Y' => date.ToString("yyyy", CultureInfo.CurrentCulture),
                'y' => date.ToString("yy", CultureInfo.CurrentCulture),
                'm' => date.ToString("MM", CultureInfo.CurrentCulture),
                'd' => date.ToString("dd", CultureInfo.CurrentCulture),
                'H' => date.ToString("HH", CultureInfo.CurrentCulture),
                'I' => date.ToString("hh", CultureInfo.CurrentCulture),
                'M' => date.ToString("mm", CultureInfo.CurrentCulture),
                'S' => date.ToString("ss", CultureInfo.CurrentCulture),
                'p' => date.ToString("tt", CultureInfo.CurrentCulture),
                'T' => date.ToString("HH:mm:ss", CultureInfo.CurrentCulture),
                'R' => date.ToString("HH:mm", CultureInfo.CurrentCulture),
                'F' => date.ToString("yyyy-MM-dd", CultureInfo.CurrentCulture),
                'D' => date.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
                'a' => date.ToString("ddd", CultureInfo.CurrentCulture),
                'A' => date.ToString("dddd", CultureInfo.CurrentCulture),
                'b' or 'h' => date.ToString("MMM", CultureInfo.CurrentCulture),
                'B' => date.ToString("MMMM", CultureInfo.CurrentCulture),
                'j' => date.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
                's' => new DateTimeOffset(date).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                'Z' => date.ToString("zz", CultureInfo.InvariantCulture),
                'n' => "\n",
                't' => "\t",
                var other => other.ToString(),
            });
        }

        return result.ToString();
    }
}

/// <summary>What of a date to show.</summary>
public enum DisplayHintType
{
    Date,
    Time,
    DateTime,
}

/// <summary>Read-Host.</summary>
[Cmdlet(VerbsCommunications.Read, "Host", DefaultParameterSetName = "AsString")]
public sealed class ReadHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowNull]
    public object? Prompt { get; set; }

    [Parameter(ParameterSetName = "AsSecureString")]
    public SwitchParameter AsSecureString { get; set; }

    [Parameter(ParameterSetName = "AsString")]
    public SwitchParameter MaskInput { get; set; }

    protected override void BeginProcessing()
    {
        if (Prompt is null)
        {
            WriteObject(AsSecureString || MaskInput ? Unmask(Host.UI.ReadLineAsSecureString()) : Host.UI.ReadLine());
            return;
        }

        var text = LanguagePrimitives.GetEnumerable(Prompt) is { } items
            ? string.Join(' ', items.Cast<object?>().Select(LanguagePrimitives.ConvertTo<string>).Where(item => item.Length > 0))
            : LanguagePrimitives.ConvertTo<string>(Prompt);
        var field = new FieldDescription(text);
        field.SetParameterType(AsSecureString || MaskInput ? typeof(SecureString) : typeof(string));
        foreach (var answer in Host.UI.Prompt(string.Empty, string.Empty, new Collection<FieldDescription> { field })?.Values ?? Enumerable.Empty<PSObject>())
        {
            WriteObject(answer?.BaseObject is SecureString secret ? Unmask(secret) : answer);
        }
    }

    private object Unmask(SecureString secret)
        => MaskInput ? new System.Net.NetworkCredential(string.Empty, secret).Password : secret;
}

/// <summary>Get-Host.</summary>
[Cmdlet(VerbsCommon.Get, "Host")]
public sealed class GetHostCommand : PSCmdlet
{
    protected override void BeginProcessing() => WriteObject(Host);
}

/// <summary>Invoke-Expression.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public string Command { get; set; } = string.Empty;

    // In the caller's scope, its output streamed: what a dot-sourced script block does in a pipeline of its own.
    protected override void ProcessRecord()
        => EngineInternals.InvokeForCmdlet(InvokeCommand.NewScriptBlock(Command), this, System.Management.Automation.Internal.AutomationNull.Value, dropOutput: false);
}

/// <summary>Measure-Command.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Command")]
public sealed class MeasureCommandCommand : PSCmdlet
{
    private readonly Stopwatch _watch = new();

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock? Expression { get; set; }

    protected override void ProcessRecord()
    {
        _watch.Start();
        EngineInternals.InvokeForCmdlet(Expression!, this, InputObject, dropOutput: true);
        _watch.Stop();
    }

    protected override void EndProcessing() => WriteObject(_watch.Elapsed);
}

/// <summary>Get-Random.</summary>
[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = "RandomNumber")]
public sealed class GetRandomCommand : PSCmdlet
{
    private static Random _shared = Random.Shared;
    private readonly List<object?> _items = [];

    [Parameter]
    public int? SetSeed { get; set; }

    [Parameter(ParameterSetName = "RandomNumber", Position = 0)]
    public object? Maximum { get; set; }

    [Parameter(ParameterSetName = "RandomNumber")]
    public object? Minimum { get; set; }

    [Parameter(ParameterSetName = "RandomListItem", Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "Shuffle", Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object?[]? InputObject { get; set; }

    [Parameter(ParameterSetName = "RandomNumber")]
    [Parameter(ParameterSetName = "RandomListItem")]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    [Parameter(ParameterSetName = "Shuffle", Mandatory = true)]
    public SwitchParameter Shuffle { get; set; }

    protected override void BeginProcessing()
    {
        if (SetSeed is { } seed)
        {
            _shared = new Random(seed);
        }
    }

    protected override void ProcessRecord() => _items.AddRange(InputObject ?? []);

    protected override void EndProcessing()
    {
        if (ParameterSetName != "RandomNumber")
        {
            var items = _items.ToArray();
            _shared.Shuffle(items);
            WriteObject(Shuffle ? items : items.Take(Count).ToArray(), enumerateCollection: true);
            return;
        }

        var (low, high) = (Plain(Minimum), Plain(Maximum));
        for (var i = 0; i < Count; i++)
        {
            if (low is double || high is double)
            {
                var (from, to) = (low is null ? 0.0 : Convert.ToDouble(low, CultureInfo.InvariantCulture), high is null ? double.MaxValue : Convert.ToDouble(high, CultureInfo.InvariantCulture));
                WriteObject(from + (_shared.NextDouble() * (to - from)));
            }
            else
            {
                var (from, to) = (LanguagePrimitives.ConvertTo<long>(low ?? 0), LanguagePrimitives.ConvertTo<long>(high ?? int.MaxValue));
                var value = _shared.NextInt64(from, to);
                WriteObject(low is long || high is long ? value : (int)value);
            }
        }
    }

    private static object? Plain(object? value)
        => value is PSObject wrapped ? Plain(wrapped.BaseObject) : value is string text ? (text.Contains('.', StringComparison.Ordinal) ? LanguagePrimitives.ConvertTo<double>(text) : LanguagePrimitives.ConvertTo<int>(text)) : value;
}
