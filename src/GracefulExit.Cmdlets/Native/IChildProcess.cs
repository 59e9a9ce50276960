namespace GracefulExit.Native;

/// <summary>A child of this process that .NET's own class can't start in the way that a guard needs.</summary>
internal interface IChildProcess
{
    /// <summary>Gets its process id.</summary>
    int Id { get; }

    /// <summary>Ends it at once, if it still runs. Any thread.</summary>
    void Kill();

    /// <summary>Waits for its end. To be called once, on one thread.</summary>
    /// <returns>How it ended, for a message.</returns>
    string WaitForEnd();
}
