using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GracefulExit.Tests.Harness;

/// <summary>The connection to the driver of tests/Windows. Each message is one line of several words.</summary>
/// <remarks>May be used from several threads; one request at a time.</remarks>
internal sealed class WindowsChannel : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    // What the driver has sent before its end arrives at once.
    private static readonly TimeSpan LastLineTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly BlockingCollection<string[]> _answers = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpClient? _client;

    public WindowsChannel()
    {
        _listener.Start(1);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    /// <summary>The port that the driver connects to.</summary>
    public int Port { get; }

    /// <summary>Waits for the driver.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="onExit">Called at the child's end, on the reading thread: the status, and the signal or nothing.</param>
    /// <returns>Whether it has connected.</returns>
    public bool Accept(TimeSpan timeout, Action<uint, string> onExit)
    {
        var accept = _listener.AcceptTcpClientAsync();
        if (!accept.Wait(timeout))
        {
            return false;
        }

        _client = accept.Result;
        _client.NoDelay = true;
        _listener.Stop();
        new Thread(() => Read(onExit), 256 * 1024) { IsBackground = true, Name = "Windows driver" }.Start();
        return true;
    }

    /// <summary>Sends a message that is not answered.</summary>
    public void Send(params IEnumerable<string> words)
    {
        try
        {
            _client!.GetStream().Write(Encoding.ASCII.GetBytes(string.Join(' ', words.Select(Uri.EscapeDataString)) + "\n"));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The driver has ended, so there is nothing to send to.
        }
    }

    /// <summary>Sends a message and waits for the answer.</summary>
    /// <returns>The answer; null if the driver has ended.</returns>
    public string[]? Ask(params string[] words)
    {
        lock (_gate)
        {
            Send(words);
            if (!_answers.TryTake(out var answer, AnswerTimeout))
            {
                return _answers.IsCompleted ? null : throw new TimeLimitException($"The Windows driver did not answer '{string.Join(' ', words)}'.");
            }

            return answer is ["error" or "failed", var message] ? throw new HarnessException($"The Windows driver: {message}") : answer;
        }
    }

    /// <summary>The driver has ended: there are no more answers than those already received.</summary>
    public void End() => _ended.TrySetResult();

    public void Dispose()
    {
        _listener.Dispose();
        _client?.Dispose();
    }

    private void Read(Action<uint, string> onExit)
    {
        try
        {
            using var reader = new StreamReader(_client!.GetStream(), Encoding.ASCII);
            while (ReadLine(reader) is { } line)
            {
                string[] words = [.. line.Split(' ').Select(Uri.UnescapeDataString)];
                if (words is ["exited", var status, var signal])
                {
                    onExit(uint.Parse(status, System.Globalization.CultureInfo.InvariantCulture), signal);
                }
                else
                {
                    _answers.Add(words);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed by this side.
        }

        _answers.CompleteAdding();
    }

    // Wine does not always close the connections of a process that has ended.
    private string? ReadLine(StreamReader reader)
    {
        var line = reader.ReadLineAsync();
        if (Task.WaitAny(line, _ended.Task) != 0 && Task.WaitAny([line], LastLineTimeout) < 0)
        {
            return null;
        }

        return line.GetAwaiter().GetResult();
    }
}
