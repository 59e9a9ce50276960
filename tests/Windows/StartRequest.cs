namespace GracefulExit.Tests.WindowsDriver;

/// <summary>What the harness wants to be started.</summary>
internal sealed class StartRequest
{
    /// <summary>The executable and its arguments.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>Environment variables that are set besides this process's own.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The directory to start in.</summary>
    public string? Directory { get; private set; }

    /// <summary>Standard input is this process's own; otherwise it is empty.</summary>
    public bool Input { get; private set; }

    /// <summary>Reads one request from the channel.</summary>
    public static StartRequest Read(ControlChannel channel)
    {
        var request = new StartRequest();
        while (channel.Read() is { } message)
        {
            switch (message)
            {
                case ["argument", var value]:
                    request.Arguments.Add(value);
                    break;
                case ["variable", var name, var value]:
                    request.Variables[name] = value;
                    break;
                case ["directory", var value]:
                    request.Directory = value;
                    break;
                case ["input"]:
                    request.Input = true;
                    break;
                case ["start"] when request.Arguments.Count > 0:
                    return request;
                default:
                    throw new InvalidOperationException($"Unknown request: {string.Join(' ', message)}");
            }
        }

        throw new InvalidOperationException("The channel was closed before anything was started.");
    }
}
