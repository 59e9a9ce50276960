namespace GracefulExit.Blocks;

/// <summary>A place in which exit blocks run: a pipeline on the body's thread, or a runspace of their own.</summary>
internal interface IBlockPlace
{
    /// <summary>Runs an exit block on the calling thread, from its beginning to its end.</summary>
    /// <exception cref="Exception">How it ended, if not normally.</exception>
    void Run(ExitBlock block);

    /// <summary>Begins to stop the running block. Any thread; returns at once. Nothing more can run here afterwards.</summary>
    void BeginStop();

    /// <summary>Gets a value indicating whether the stop of the running block is in force; null: none has reached it, or nobody can tell. Any thread.</summary>
    /// <remarks>
    /// In a runspace of its own nobody can tell: a scope that the block has begun may hold the stop back while its own exit blocks run.
    /// There a lost stop ends with the block being given up.
    /// </remarks>
    bool? IsStopInForce => null;

    /// <summary>Stops the running block again, since the engine has lost the stop. Any thread; returns at once.</summary>
    void BeginStopAgain()
    {
    }

    /// <summary>Interrupts a managed wait in which a stopped block hangs, unless it is in its own <c>finally</c> block. Any thread.</summary>
    void TryInterrupt();
}
