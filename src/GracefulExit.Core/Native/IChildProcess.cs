namespace GracefulExit.Native;

/// <summary>A child of this process, started in a way that .NET's own class does not offer and a guard needs.</summary>
internal interface IChildProcess
{
    /// <summary>Gets its process id.</summary>
    int Id { get; }

    /// <summary>Kills it, if it still runs. Any thread.</summary>
    void Kill();

    /// <summary>Waits for its end. Called once, on one thread.</summary>
    /// <returns>How it ended, for a message.</returns>
    string WaitForEnd();
}
