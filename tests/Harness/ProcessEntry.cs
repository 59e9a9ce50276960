namespace GracefulExit.Tests.Harness;

/// <summary>A process on this machine.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CommandLine">Its command line, for messages.</param>
public sealed record ProcessEntry(int Id, string CommandLine)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {CommandLine}";
}
