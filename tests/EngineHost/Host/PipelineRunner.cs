using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>
/// Runs one pipeline at a time on behalf of the main thread and lets the Ctrl+C thread stop it.
/// The runner whose pipeline runs is the current one; runners nest (a nested prompt inside a command).
/// </summary>
internal sealed class PipelineRunner(ShellSession session, bool nested = false, bool forPrompt = false)
{
    private static readonly Lock CurrentLock = new();
    private static PipelineRunner? _current;

    private readonly Lock _lock = new();
    private Pipeline? _pipeline;
    private bool _stopped;

    /// <summary>The runner that Ctrl+C stops.</summary>
    public static PipelineRunner? Current
    {
        get
        {
            lock (CurrentLock)
            {
                return _current;
            }
        }

        set
        {
            lock (CurrentLock)
            {
                _current = value;
            }
        }
    }

    /// <summary>A pipeline of the session's runspace; empty, or of a text.</summary>
    public Pipeline Create(string? text = null, bool addToHistory = false)
    {
        if (text is null)
        {
            return nested ? session.Runspace.CreateNestedPipeline() : session.Runspace.CreatePipeline();
        }

        return nested
            ? session.Runspace.CreateNestedPipeline(text, addToHistory)
            : session.Runspace.CreatePipeline(text, addToHistory);
    }

    /// <summary>Runs a pipeline with its output and errors shown, and returns what ended it, if anything did.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="input">What the pipeline gets as its input; null for none.</param>
    public Exception? RunAndShow(Pipeline pipeline, IEnumerable<object>? input = null)
    {
        if (pipeline.Commands.Count == 1)
        {
            pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        }

        pipeline.Commands.Add(new Command("Out-Default", isScript: false, useLocalScope: true)
        {
            MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output,
        });

        // As pwsh: with standard input redirected the main thread waits beside the pipeline and may feed it.
        if (session.RunsBesideInput && !nested)
        {
            return RunBeside(pipeline, input);
        }

        foreach (var item in input ?? [])
        {
            pipeline.Input.Write(item);
        }

        Run(pipeline, out var error);
        return error;
    }

    /// <summary>Shows what ended a pipeline through the engine's formatting.</summary>
    public void Report(Exception exception)
    {
        var record = exception is IContainsErrorRecord container
            ? container.ErrorRecord
            : new ErrorRecord(exception, "ConsoleHost.ReportException", ErrorCategory.NotSpecified, null);
        if (RunAndShow(Create(), [EngineInternals.AsErrorOutput(record)]) is not null)
        {
            Console.Error.WriteLine(exception.Message);
        }
    }

    /// <summary>Runs a text and returns what it wrote.</summary>
    public Collection<PSObject>? Run(string text, out Exception? error) => Run(Create(text), out error);

    /// <summary>Stops the pipeline that runs, if one does; once only.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_pipeline is null || _stopped)
            {
                return;
            }

            _stopped = true;
            if (forPrompt)
            {
                // A key held down would otherwise stop the prompt function faster than it can run.
                Thread.Sleep(100);
            }

            _pipeline.Stop();
        }
    }

    private Collection<PSObject>? Run(Pipeline pipeline, out Exception? error)
    {
        error = null;
        var outer = Begin(pipeline);
        try
        {
            return pipeline.Invoke();
        }
        catch (Exception exception)
        {
            error = exception;
            return null;
        }
        finally
        {
            End(outer);
        }
    }

    private Exception? RunBeside(Pipeline pipeline, IEnumerable<object>? input)
    {
        var outer = Begin(pipeline);
        try
        {
            using var ended = new ManualResetEvent(false);
            pipeline.StateChanged += (_, change) =>
            {
                if (change.PipelineStateInfo.State is PipelineState.Completed or PipelineState.Failed or PipelineState.Stopped)
                {
                    ended.Set();
                }
            };

            if (input is null)
            {
                pipeline.Input.Close();
            }

            pipeline.InvokeAsync();
            if (input is not null)
            {
                Feed(pipeline, input);
                pipeline.Input.Close();
            }

            ended.WaitOne();
            return pipeline.PipelineStateInfo.State == PipelineState.Failed ? pipeline.PipelineStateInfo.Reason : null;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            End(outer);
        }
    }

    private static void Feed(Pipeline pipeline, IEnumerable<object> input)
    {
        try
        {
            foreach (var item in input)
            {
                pipeline.Input.Write(item);
            }
        }
        catch (PipelineClosedException)
        {
            // The pipeline ended before its input did.
        }
    }

    private PipelineRunner? Begin(Pipeline pipeline)
    {
        var outer = Current;
        Current = this;
        lock (_lock)
        {
            _pipeline = pipeline;
        }

        return outer;
    }

    private void End(PipelineRunner? outer)
    {
        Current = outer;
        lock (_lock)
        {
            _pipeline = null;
            _stopped = false;
        }
    }
}
